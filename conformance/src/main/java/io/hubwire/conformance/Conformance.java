package io.hubwire.conformance;

import io.hubwire.conformance.core.CoreHubs;
import io.hubwire.conformance.golden.GoldenHubs;
import io.hubwire.server.netty.NettyHost;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Everything that foreign clients and recorded conversations expect of a server, on one port. Safe for any thread.
 */
public final class Conformance implements AutoCloseable {

    /** Names the directory of the npm packages whose files are served. */
    static final String PACKAGES = "hubwire.conformance.packages";

    private final GoldenHubs golden;
    private final CoreHubs core;
    private final NettyHost host;

    private Conformance(int port, Path packages) {
        golden = new GoldenHubs();
        core = new CoreHubs(packages.resolve("signalr-10/dist/webworker/signalr.js"));
        host = NettyHost.builder().port(port).endpoint(golden).endpoint(core).start();
    }

    /**
     * Listens.
     *
     * @param port the port; 0 for any
     * @param packages the directory of the npm packages whose files are served
     */
    public static Conformance start(int port, Path packages) {
        return new Conformance(port, packages);
    }

    /** Starts from the command line. Ends when the process is told to. */
    public static void main(String... arguments) throws InterruptedException {
        CommandLine commandLine;
        try {
            commandLine = CommandLine.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.println(CommandLine.USAGE);
            System.exit(2);
            return;
        }
        serve(commandLine);
        new CountDownLatch(1).await();
    }

    private static void serve(CommandLine commandLine) {
        try {
            Conformance conformance = start(commandLine.core(), Path.of(System.getProperty(PACKAGES, "node_modules")));
            Runtime.getRuntime().addShutdownHook(new Thread(conformance::close));
            System.out.println("core on http://127.0.0.1:" + conformance.port());
        } catch (UncheckedIOException portIsTaken) {
            System.err.println(portIsTaken.getMessage());
            System.exit(1);
        }
    }

    /** Where it listens. */
    public int port() {
        return host.port();
    }

    /** The golden hubs. */
    public GoldenHubs golden() {
        return golden;
    }

    @Override
    public void close() {
        golden.close();
        core.close();
        host.close();
    }
}
