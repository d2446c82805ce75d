package io.hubwire.samples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.samples.page.Site;
import io.hubwire.samples.page.WebPage;
import io.hubwire.server.HubServer;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.spi.ConnectionRequest;
import java.net.URLDecoder;
import java.security.Principal;
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
        WebPage page = new WebPage("index.html", "icon.svg", "chat.css", "chat.js", "connection.js", "parts.js");
        Site.serve("chat", server, page, arguments);
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
}
