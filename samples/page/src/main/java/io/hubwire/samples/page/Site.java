package io.hubwire.samples.page;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.hubwire.server.HubServer;
import io.hubwire.server.netty.NettyHost;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A sample's hub and its page at one port of this machine. */
public final class Site {

    private Site() {}

    /**
     * Serves until the process is asked to end; {@code --port N} says where, 5000 without it.
     *
     * @param sample its name, which is the command that starts it
     */
    public static void serve(String sample, HubServer server, WebPage page, String... arguments) {
        int port = port(sample, arguments);
        NettyHost host = listen(sample, port, server, page);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, host), "end"));
        System.out.println(title(sample) + " is at http://127.0.0.1:" + host.port() + "/");
    }

    private static NettyHost listen(String sample, int port, HubServer server, WebPage page) {
        try {
            return NettyHost.builder()
                    .address("127.0.0.1")
                    .port(port)
                    .endpoint(server)
                    .endpoint(page)
                    .start();
        } catch (UncheckedIOException taken) {
            throw exit(
                    1, title(sample) + " cannot listen on port " + port + "; ./" + sample + " --port N takes another.");
        }
    }

    /** Lets running calls end, tells the pages to come back later, and goes. */
    private static void end(HubServer server, NettyHost host) {
        server.drain(Duration.ofSeconds(2))
                .toCompletableFuture()
                .completeOnTimeout(null, 3, SECONDS)
                .join();
        server.close();
        host.close();
    }

    private static int port(String sample, String... arguments) {
        if (arguments.length == 0) {
            return 5000;
        }
        if (arguments.length == 2 && arguments[0].equals("--port") && arguments[1].matches("\\d{1,5}")) {
            int port = Integer.parseInt(arguments[1]);
            if (port <= 65_535) {
                return port;
            }
        }
        throw exit(2, "Usage: ./" + sample + " [--port N]");
    }

    private static String title(String sample) {
        return "The " + sample.replace('-', ' ');
    }

    private static IllegalStateException exit(int status, String words) {
        System.err.println(words);
        System.exit(status);
        return new IllegalStateException("exited");
    }
}
