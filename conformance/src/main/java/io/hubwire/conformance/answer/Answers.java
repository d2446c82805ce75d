package io.hubwire.conformance.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;

/** Short answers of endpoints that are no hubs. */
public final class Answers {

    private Answers() {}

    /** Answers with a text. */
    public static void text(HttpExchange exchange, int status, String contentType, String body) {
        exchange.responseHeader("Content-Type", contentType);
        exchange.respond(status, ByteBuffer.wrap(body.getBytes(UTF_8)), Sent.IGNORED);
    }

    /** Answers with nothing but a status. */
    public static void empty(HttpExchange exchange, int status) {
        exchange.respond(status, ByteBuffer.allocate(0), Sent.IGNORED);
    }
}
