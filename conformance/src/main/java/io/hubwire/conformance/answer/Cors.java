package io.hubwire.conformance.answer;

import io.hubwire.server.spi.HttpExchange;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Cross-origin headers of endpoints that are no hubs; hubs have their own.
 *
 * @param allowed which origins get them
 */
public record Cors(Predicate<String> allowed) {

    /** Adds the headers to whatever answer follows, if the request has an allowed origin. */
    public void headers(HttpExchange exchange) {
        Optional<String> origin = first(exchange, "Origin").filter(allowed);
        if (origin.isPresent()) {
            exchange.responseHeader("Access-Control-Allow-Origin", origin.get());
            exchange.responseHeader("Access-Control-Allow-Credentials", "true");
            exchange.responseHeader("Vary", "Origin");
        }
    }

    /** Answers with 204, repeating what an allowed origin asks for. */
    public void preflight(HttpExchange exchange) {
        headers(exchange);
        if (first(exchange, "Origin").filter(allowed).isPresent()) {
            first(exchange, "Access-Control-Request-Method")
                    .ifPresent(method -> exchange.responseHeader("Access-Control-Allow-Methods", method));
            first(exchange, "Access-Control-Request-Headers")
                    .ifPresent(names -> exchange.responseHeader("Access-Control-Allow-Headers", names));
        }
        Answers.empty(exchange, 204);
    }

    /** Whether the request asks what it would be allowed. */
    public static boolean isPreflight(HttpExchange exchange) {
        return exchange.method().equals("OPTIONS")
                && first(exchange, "Origin").isPresent()
                && first(exchange, "Access-Control-Request-Method").isPresent();
    }

    private static Optional<String> first(HttpExchange exchange, String name) {
        return exchange.headers(name).stream().findFirst();
    }
}
