package io.hubwire.samples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.hubwire.server.HubServer;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.spi.ConnectionRequest;
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
        NettyHost host = NettyHost.builder()
                .port(port(arguments))
                .endpoint(server)
                .endpoint(new WebPage())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, host), "end"));
        System.out.println("The chat is at http://127.0.0.1:" + host.port() + "/");
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
        return CompletableFuture.completedFuture(request.bearerToken()
                .map(token -> URLDecoder.decode(token, UTF_8).strip())
                .filter(name -> !name.isEmpty() && name.length() <= 24)
                .map(name -> new UserPrincipal(name, Set.of())));
    }

    private static int port(String... arguments) {
        if (arguments.length == 0) {
            return 5000;
        }
        if (arguments.length == 2 && arguments[0].equals("--port") && arguments[1].matches("\\d{1,5}")) {
            return Integer.parseInt(arguments[1]);
        }
        System.err.println("Usage: chat [--port N]");
        System.exit(2);
        throw new IllegalStateException("exited");
    }
}
