package io.hubwire.conformance;

import io.hubwire.conformance.core.CoreHubs;
import io.hubwire.conformance.golden.GoldenHubs;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.netty.Tls;
import io.hubwire.server.netty.WebSocketCompression;
import io.hubwire.testkit.SelfSigned;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;

/**
 * Everything that foreign clients and recorded conversations expect of a server, on one port, and on another over TLS.
 * Safe for any thread.
 */
public final class Conformance implements AutoCloseable {

    /** Names the directory of the npm packages whose files are served. */
    static final String PACKAGES = "hubwire.conformance.packages";

    private final GoldenHubs golden;
    private final CoreHubs core;
    private final NettyHost host;
    private final Optional<NettyHost> secureHost;

    private Conformance(NettyHost.Builder plain, Optional<NettyHost.Builder> secure, Path packages) {
        golden = new GoldenHubs();
        core = new CoreHubs(packages.resolve("signalr-10/dist/webworker/signalr.js"));
        host = plain.endpoint(golden).endpoint(core).start();
        secureHost =
                secure.map(builder -> builder.endpoint(golden).endpoint(core).start());
    }

    private static Tls tls() {
        SelfSigned keys = SelfSigned.named("conformance");
        return Tls.builder().keyStore(keys.keyStore(), keys.password()).build();
    }

    /**
     * Listens.
     *
     * @param port the port; 0 for any
     * @param packages the directory of the npm packages whose files are served
     */
    public static Conformance start(int port, Path packages) {
        return start(port, OptionalInt.empty(), packages);
    }

    /**
     * Listens, over TLS as well: with a certificate that nobody has seen before.
     *
     * @param port the port; 0 for any
     * @param securePort the port for TLS; 0 for any, empty for none
     * @param packages the directory of the npm packages whose files are served
     */
    public static Conformance start(int port, OptionalInt securePort, Path packages) {
        Optional<NettyHost.Builder> secure = securePort.isEmpty()
                ? Optional.empty()
                : Optional.of(NettyHost.builder().port(securePort.getAsInt()).tls(tls()));
        return new Conformance(NettyHost.builder().port(port), secure, packages);
    }

    /**
     * Listens on any port, and compresses every message for clients that offer it.
     *
     * @param packages the directory of the npm packages whose files are served
     */
    public static Conformance compressing(Path packages) {
        WebSocketCompression everything =
                WebSocketCompression.builder().threshold(0).build();
        return new Conformance(NettyHost.builder().compression(everything), Optional.empty(), packages);
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
            Path packages = Path.of(System.getProperty(PACKAGES, "node_modules"));
            Conformance conformance = start(commandLine.core(), commandLine.coreHttps(), packages);
            Runtime.getRuntime().addShutdownHook(new Thread(conformance::close));
            System.out.println("core on http://127.0.0.1:" + conformance.port());
            conformance.securePort().ifPresent(port -> System.out.println("core on https://127.0.0.1:" + port));
        } catch (UncheckedIOException portIsTaken) {
            System.err.println(portIsTaken.getMessage());
            System.exit(1);
        }
    }

    /** Where it listens. */
    public int port() {
        return host.port();
    }

    /** Where it listens for TLS, if it does. */
    public OptionalInt securePort() {
        return secureHost.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(secureHost.get().port());
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
        secureHost.ifPresent(NettyHost::close);
    }
}
