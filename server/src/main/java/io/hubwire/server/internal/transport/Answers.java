package io.hubwire.server.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.protocol.negotiate.NegotiateResponse;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;

/** The answers of the transports, in the reference's words. Safe for any thread. */
final class Answers {

    private static final String CONTENT_TYPE = "Content-Type";
    private static final String PLAIN = "text/plain";

    private Answers() {}

    static void negotiated(HttpExchange exchange, NegotiateResponse response) {
        exchange.responseHeader(CONTENT_TYPE, "application/json");
        exchange.respond(200, response.write(), Sent.IGNORED);
    }

    static void ok(HttpExchange exchange) {
        empty(exchange, 200);
    }

    /** The client ended it: what is left to do happens behind its back. */
    static void accepted(HttpExchange exchange) {
        empty(exchange, 202);
    }

    /** The end of a poll that was given up, or of the connection. */
    static void noContent(HttpExchange exchange) {
        empty(exchange, 204);
    }

    static void idMissing(HttpExchange exchange) {
        text(exchange, 400, "Connection ID required");
    }

    /** Nobody has this id; sockets are told without a content type. */
    static void unknown(HttpExchange exchange, boolean socket) {
        if (!socket) {
            exchange.responseHeader(CONTENT_TYPE, PLAIN);
        }
        exchange.respond(404, bytes("No Connection with that ID"), Sent.IGNORED);
    }

    static void notSupported(HttpExchange exchange, TransportType transport) {
        text(exchange, 404, transport.wireName() + " transport not supported by this end point type");
    }

    static void otherTransport(HttpExchange exchange) {
        text(exchange, 400, "Cannot change transports mid-connection");
    }

    static void alreadyActive(HttpExchange exchange) {
        empty(exchange, 409);
    }

    /** The connection was there when the request came, and is over. */
    static void over(HttpExchange exchange) {
        empty(exchange, 404);
    }

    static void postOnWebSocket(HttpExchange exchange) {
        text(exchange, 405, "POST requests are not allowed for WebSocket connections.");
    }

    static void notToBeDeleted(HttpExchange exchange) {
        text(exchange, 400, "Cannot terminate this connection using the DELETE endpoint.");
    }

    static void methodNotAllowed(HttpExchange exchange) {
        empty(exchange, 405);
    }

    /** The client went away while it sent; most likely nobody reads this. */
    static void bodyAborted(HttpExchange exchange) {
        empty(exchange, 400);
    }

    static void bodyTooLarge(HttpExchange exchange) {
        empty(exchange, 413);
    }

    static void failed(HttpExchange exchange) {
        empty(exchange, 500);
    }

    /** Too many clients are on their way in, or the server is on its way out. */
    static void unavailable(HttpExchange exchange, PendingConnections pending) {
        exchange.responseHeader("Retry-After", String.valueOf(pending.secondsToRetry()));
        empty(exchange, 503);
    }

    /** Polls and their refusals must not come out of a cache. */
    static void neverCached(HttpExchange poll) {
        poll.responseHeader("Cache-Control", "no-cache, no-store");
        poll.responseHeader("Pragma", "no-cache");
        poll.responseHeader("Expires", "Thu, 01 Jan 1970 00:00:00 GMT");
    }

    static void message(HttpExchange poll, ByteBuffer bytes, Sent sent) {
        poll.responseHeader(CONTENT_TYPE, "application/octet-stream");
        poll.respond(200, bytes, sent);
    }

    static HttpExchange.ResponseStream events(HttpExchange exchange) {
        exchange.responseHeader(CONTENT_TYPE, "text/event-stream");
        exchange.responseHeader("Cache-Control", "no-cache,no-store");
        exchange.responseHeader("Pragma", "no-cache");
        exchange.responseHeader("Content-Encoding", "identity");
        return exchange.stream(200);
    }

    private static void empty(HttpExchange exchange, int status) {
        exchange.responseHeader(CONTENT_TYPE, PLAIN);
        exchange.respond(status, ByteBuffer.allocate(0), Sent.IGNORED);
    }

    private static void text(HttpExchange exchange, int status, String text) {
        exchange.responseHeader(CONTENT_TYPE, PLAIN);
        exchange.respond(status, bytes(text), Sent.IGNORED);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
