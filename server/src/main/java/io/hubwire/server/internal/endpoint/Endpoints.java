package io.hubwire.server.internal.endpoint;

import io.hubwire.server.hub.Authenticator;
import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.Demand;
import io.hubwire.server.internal.transport.Connections;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * The paths of a server: finds what a request is for and lets it through, or answers it.
 *
 * <pre>
 *   path? --> CORS headers --> preflight? 204 --> who? may they? 401, 403 --> WebSocket from a foreign page? 403
 *                                                                              --> Connections
 * </pre>
 *
 * <p>Paths ignore letter case and a slash at the end; a path that is mounted comes before the negotiate path of a shorter
 * one. Safe for any thread.
 */
public final class Endpoints implements HttpEndpoint {

    private static final String NEGOTIATE = "/negotiate";

    private final Map<String, Mount> mounts = new HashMap<>();
    private final Optional<Authenticator> authenticator;
    private final Authorizer authorizer;

    /**
     * Mounts what is to be served.
     *
     * @param authenticator tells who sends a request; the container's principal where there is none
     * @param authorizer tells whether they meet what a route demands
     * @throws IllegalArgumentException if two routes have the same path
     */
    public Endpoints(List<Route> routes, Optional<Authenticator> authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        for (Route route : routes) {
            if (mounts.put(normalized(route.path()), new Mount(route, new Origins(route.crossOrigin()))) != null) {
                throw new IllegalArgumentException("path: " + route.path() + " (expected: not mounted yet)");
            }
        }
    }

    @Override
    public boolean handle(HttpExchange exchange) {
        String path = normalized(exchange.path());
        Mount exact = mounts.get(path);
        if (exact != null) {
            answer(exchange, exact, false);
            return true;
        }
        if (path.endsWith(NEGOTIATE)) {
            Mount above = mounts.get(path.substring(0, path.length() - NEGOTIATE.length()));
            if (above != null) {
                answer(exchange, above, true);
                return true;
            }
        }
        return false;
    }

    private static String normalized(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private void answer(HttpExchange exchange, Mount mount, boolean negotiate) {
        Arrival arrival = new Arrival(exchange, ConnectionRequest.of(exchange), mount, negotiate);
        boolean allowed = admitPage(arrival);
        if (isPreflight(arrival.request)) {
            preflight(arrival, allowed);
        } else if (authenticator.isEmpty() && mount.route.demands().isEmpty()) {
            letIn(arrival, arrival.request.principal());
        } else {
            // Not here: authenticators and authorizers may block.
            Thread.ofVirtual().name("hubwire-authentication").start(() -> authorize(arrival));
        }
    }

    // ---- CORS

    /** Tells a page that it may read the answer, if it may. */
    private static boolean admitPage(Arrival arrival) {
        Optional<String> origin = arrival.request.header("Origin").filter(arrival.mount.origins::allowsByName);
        if (origin.isEmpty()) {
            return false;
        }
        arrival.exchange.responseHeader("Access-Control-Allow-Origin", origin.get());
        arrival.exchange.responseHeader("Access-Control-Allow-Credentials", "true");
        arrival.exchange.responseHeader("Vary", "Origin");
        return true;
    }

    private static boolean isPreflight(ConnectionRequest request) {
        return request.method().equals("OPTIONS")
                && request.header("Origin").isPresent()
                && request.header("Access-Control-Request-Method").isPresent();
    }

    private static void preflight(Arrival arrival, boolean allowed) {
        if (allowed) {
            repeat(arrival, "Access-Control-Request-Method", "Access-Control-Allow-Methods");
            repeat(arrival, "Access-Control-Request-Headers", "Access-Control-Allow-Headers");
        } else {
            EndpointLog.originRefused(arrival.request);
        }
        empty(arrival.exchange, 204);
    }

    private static void repeat(Arrival arrival, String asked, String answer) {
        arrival.request.header(asked).ifPresent(value -> arrival.exchange.responseHeader(answer, value));
    }

    // ---- who, and may they

    /** Finds out who it is and whether they may, and goes on on the exchange's loop; on a virtual thread. */
    private void authorize(Arrival arrival) {
        Runnable next = decided(arrival);
        try {
            arrival.exchange.loop().execute(() -> answered(arrival, next));
        } catch (RejectedExecutionException hostHasStopped) {
            EndpointLog.loopGone(arrival.request);
        }
    }

    private Runnable decided(Arrival arrival) {
        try {
            Optional<Principal> user = authenticator.isPresent()
                    ? await(authenticator.get().authenticate(arrival.request))
                    : arrival.request.principal();
            return mayEnter(user, arrival) ? () -> letIn(arrival, user) : () -> turnAway(arrival, user);
        } catch (RuntimeException | Error failure) {
            EndpointLog.authenticationFailed(arrival.request, failure);
            return () -> empty(arrival.exchange, 500);
        }
    }

    /** Does what is to be done with a request; one that this fails for is answered all the same. */
    private static void answered(Arrival arrival, Runnable next) {
        try {
            next.run();
        } catch (RuntimeException | Error failure) {
            EndpointLog.failed(arrival.request, failure);
            empty(arrival.exchange, 500);
        }
    }

    private boolean mayEnter(Optional<Principal> user, Arrival arrival) {
        for (Demand demand : arrival.mount.route.demands()) {
            if (!await(authorizer.authorize(user, demand))) {
                return false;
            }
        }
        return true;
    }

    private static <T> T await(CompletionStage<T> answer) {
        return Objects.requireNonNull(answer.toCompletableFuture().join(), "an answer of null");
    }

    private static void turnAway(Arrival arrival, Optional<Principal> user) {
        if (user.isEmpty()) {
            EndpointLog.unauthorized(arrival.request);
            empty(arrival.exchange, 401);
        } else {
            EndpointLog.forbidden(arrival.request);
            empty(arrival.exchange, 403);
        }
    }

    private static void letIn(Arrival arrival, Optional<Principal> user) {
        Connections connections = arrival.mount.route.connections();
        if (arrival.negotiate) {
            connections.negotiate(arrival.exchange, arrival.request);
        } else if (arrival.exchange.isUpgrade() && !arrival.mount.origins.admitsSocket(arrival.request)) {
            EndpointLog.originRefused(arrival.request);
            empty(arrival.exchange, 403);
        } else {
            connections.transport(arrival.exchange, arrival.request, user);
        }
    }

    private static void empty(HttpExchange exchange, int status) {
        exchange.respond(status, ByteBuffer.allocate(0), Sent.IGNORED);
    }

    private record Mount(Route route, Origins origins) {}

    /** A request at the door of a mount. */
    private record Arrival(HttpExchange exchange, ConnectionRequest request, Mount mount, boolean negotiate) {}
}
