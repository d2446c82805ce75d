package io.hubwire.benchmarks;

import io.hubwire.server.HubServer;
import io.hubwire.server.netty.Engine;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.options.TransportOptions;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** The server that is measured: the bench hub at {@code /hub}, on 127.0.0.1. */
public final class BenchServer implements AutoCloseable {

    private static final String USAGE = "PORT [--non-blocking] [--engine epoll|io_uring|nio]";

    /** A client that acknowledges once a second may have been sent more than a megabyte meanwhile. */
    private static final int MOST_UNACKNOWLEDGED = 8 * 1024 * 1024;

    private final HubServer server;
    private final NettyHost host;

    private BenchServer(HubServer server, NettyHost host) {
        this.server = server;
        this.host = host;
    }

    /**
     * Starts a server.
     *
     * @param arguments a port, 0 for any free one; {@code --non-blocking} for methods that run where their calls were
     *     read; {@code --engine} and its name
     * @throws IllegalArgumentException if they are something else
     */
    static BenchServer start(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        NettyHost.Builder host = NettyHost.builder().address("127.0.0.1").port(port(rest));
        Class<? extends BenchHub> hub = BenchHub.class;
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--non-blocking" -> hub = NonBlockingBenchHub.class;
                case "--engine" -> host.engine(engine(rest));
                default -> throw new IllegalArgumentException(option + " (expected: " + USAGE + ")");
            }
        }
        TransportOptions transport = TransportOptions.builder()
                .allowStatefulReconnects(true)
                .maximumOutboxSize(MOST_UNACKNOWLEDGED)
                .build();
        HubServer server = HubServer.builder()
                .hub("/hub", hub, mount -> mount.transports(transport))
                .build();
        return new BenchServer(server, host.endpoint(server).start());
    }

    private static int port(Iterator<String> arguments) {
        return Integer.parseInt(next(arguments));
    }

    private static Engine engine(Iterator<String> arguments) {
        return Engine.valueOf(next(arguments).toUpperCase(Locale.ROOT));
    }

    private static String next(Iterator<String> arguments) {
        if (!arguments.hasNext()) {
            throw new IllegalArgumentException("too few arguments (expected: " + USAGE + ")");
        }
        return arguments.next();
    }

    /** The port on which it listens. */
    int port() {
        return host.port();
    }

    private String description() {
        return "engine " + host.engine().name().toLowerCase(Locale.ROOT) + ", Java " + Runtime.version();
    }

    @Override
    public void close() {
        host.stopAccepting();
        server.close();
        host.close();
    }

    /** Runs until it is killed; says READY and what it is when clients may come. */
    public static void main(String[] arguments) {
        BenchServer running = start(List.of(arguments));
        System.err.println("READY " + running.description());
    }
}
