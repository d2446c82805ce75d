package io.hubwire.benchmarks;

import io.hubwire.server.HubServer;
import io.hubwire.server.netty.NettyHost;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The server that is measured: the bench hub at {@code /hub}, on 127.0.0.1. */
public final class BenchServer implements AutoCloseable {

    private static final String USAGE = "benchmarks/server PORT [--non-blocking] [--engine epoll|io_uring|nio]";

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
        throw new UnsupportedOperationException(USAGE + arguments);
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) {
        BenchServer running = start(Arrays.asList(arguments));
        Runtime.getRuntime().addShutdownHook(new Thread(running::close));
    }
}
