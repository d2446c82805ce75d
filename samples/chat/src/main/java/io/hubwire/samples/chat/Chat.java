package io.hubwire.samples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.hubwire.samples.page.WebPage;
import io.hubwire.server.HubServer;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.spi.ConnectionRequest;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Starts the chat: one hub, one page. */
public final class Chat {

    private Chat() {}

    /** Serves until the process is asked to end; {@code --port N} says where, 5000 without it. */
    public static void main(String... arguments) {
        Rooms rooms = new Rooms();
        HubServer server = HubServer.builder()
                .authenticator(Chat::believe)
                .activator(new HubActivator() {
                    @Override
                    public <H extends HubBase<?>> H create(Class<H> type) {
                        return type.cast(new ChatHub(rooms));
                    }
                })
                .hub("/chat", ChatHub.class)
                .build();
        NettyHost host = listen(port(arguments), server);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, host), "end"));
        System.out.println("The chat is at http://127.0.0.1:" + host.port() + "/");
    }

    private static NettyHost listen(int port, HubServer server) {
        WebPage page = new WebPage("index.html", "icon.svg", "chat.css", "chat.js", "connection.js", "parts.js");
        try {
            return NettyHost.builder()
                    .address("127.0.0.1")
                    .port(port)
                    .endpoint(server)
                    .endpoint(page)
                    .start();
        } catch (UncheckedIOException taken) {
            throw exit(1, "The chat cannot listen on port " + port + "; ./chat --port N takes another.");
        }
    }

    /** Lets running calls end, tells the pages to come back later, and goes. */
    private static void end(HubServer server, NettyHost host) {
        server.drain(Duration.ofSeconds(5))
                .toCompletableFuture()
                .completeOnTimeout(null, 6, SECONDS)
                .join();
        server.close();
        host.close();
    }

    /**
     * Takes the token for the name, whoever sends it: fit for a demonstration and for nothing else. A real application
     * checks a session or the signature of a token here.
     */
    private static CompletionStage<Optional<Principal>> believe(ConnectionRequest request) {
        return CompletableFuture.completedFuture(
                request.bearerToken().flatMap(Chat::name).map(name -> new UserPrincipal(name, Set.of())));
    }

    private static Optional<String> name(String token) {
        try {
            return Optional.of(URLDecoder.decode(token, UTF_8).strip())
                    .filter(name -> !name.isEmpty() && name.length() <= 24);
        } catch (IllegalArgumentException brokenEscape) {
            return Optional.empty();
        }
    }

    private static int port(String... arguments) {
        if (arguments.length == 0) {
            return 5000;
        }
        if (arguments.length == 2 && arguments[0].equals("--port") && arguments[1].matches("\\d{1,5}")) {
            int port = Integer.parseInt(arguments[1]);
            if (port <= 65_535) {
                return port;
            }
        }
        throw exit(2, "Usage: ./chat [--port N]");
    }

    private static IllegalStateException exit(int status, String words) {
        System.err.println(words);
        System.exit(status);
        return new IllegalStateException("exited");
    }
}
