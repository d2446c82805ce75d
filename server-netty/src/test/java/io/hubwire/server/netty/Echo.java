package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends back what comes: of a WebSocket everything that one turn brought as one message, and of a request its method,
 * target and body. {@code /silent} is not answered, {@code /fails} fails, and so do {@code /failsLater} and {@code /failsElsewhere}.
 */
final class Echo implements HttpEndpoint {

    static final int BODY_LIMIT = 100_000;

    @Override
    public boolean handle(HttpExchange exchange) {
        if (exchange.path().equals("/nobody")) {
            return false;
        }
        if (exchange.path().equals("/fails")) {
            throw new IllegalStateException("as it should");
        }
        if (exchange.isUpgrade()) {
            exchange.upgrade(Optional.empty(), socket());
        } else if (exchange.path().equals("/unread")) {
            answer(exchange, "unread");
        } else if (exchange.path().equals("/failsElsewhere")) {
            Thread.ofVirtual().start(() -> exchange.body(BODY_LIMIT, new Request(exchange)));
        } else if (!exchange.path().equals("/silent")) {
            exchange.body(BODY_LIMIT, new Request(exchange));
        }
        return true;
    }

    /** What takes the messages of one socket. */
    WebSocketPeer.Receiver socket() {
        return new Socket();
    }

    private static void answer(HttpExchange exchange, String text) {
        exchange.respond(200, ByteBuffer.wrap(text.getBytes(UTF_8)), Sent.IGNORED);
    }

    private record Request(HttpExchange exchange) implements HttpExchange.Body {

        @Override
        public void complete(ByteBuffer body) {
            if (exchange.path().startsWith("/fails")) {
                throw new IllegalStateException("as it should");
            }
            answer(exchange, exchange.method() + " " + exchange.path() + " " + UTF_8.decode(body));
        }

        @Override
        public void tooLarge() {
            exchange.respond(413, ByteBuffer.allocate(0), Sent.IGNORED);
        }

        @Override
        public void aborted() {
            answer(exchange, "nobody hears it");
        }
    }

    private static final class Socket implements WebSocketPeer.Receiver, Sent {

        private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
        private @Nullable WebSocketPeer peer;
        private boolean sending;

        private WebSocketPeer peer() {
            return Objects.requireNonNull(peer);
        }

        @Override
        public void opened(WebSocketPeer opened) {
            peer = opened;
        }

        @Override
        public boolean received(ByteBuffer bytes) {
            if (waiting.size() == 0 && !sending) {
                peer().loop().execute(this::send);
            }
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            waiting.writeBytes(copy);
            return true;
        }

        private void send() {
            if (waiting.size() > 0) {
                byte[] message = waiting.toByteArray();
                waiting.reset();
                sending = true;
                peer().send(false, ByteBuffer.wrap(message), this);
            }
        }

        @Override
        public void sent(boolean written) {
            sending = false;
            if (written) {
                send();
            }
        }

        @Override
        public void pong() {}

        @Override
        public void closed(boolean clean) {}
    }
}
