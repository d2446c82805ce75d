package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A host for one test. */
abstract class HostFixture {

    private final List<TestHost> started = new ArrayList<>();

    /** Starts a host with these endpoints, in this order. */
    protected abstract TestHost start(HttpEndpoint... endpoints);

    @AfterEach
    void closeHosts() {
        started.forEach(TestHost::close);
    }

    TestHost host(HttpEndpoint... endpoints) {
        TestHost host = start(endpoints);
        started.add(host);
        return host;
    }

    /** A host whose only endpoint hands every exchange out and lets the test go on with it. */
    TestHost host(AtomicReference<@Nullable HttpExchange> asked) {
        return host(exchange -> {
            asked.set(exchange);
            return true;
        });
    }

    static HttpExchange asked(TestHost host, AtomicReference<@Nullable HttpExchange> asked) {
        host.await(() -> asked.get() != null);
        return Objects.requireNonNull(asked.get());
    }

    /** A host that upgrades everything. */
    TestHost upgrading(RecordingReceiver receiver) {
        return host(exchange -> {
            exchange.upgrade(Optional.empty(), receiver);
            return true;
        });
    }

    static ClientSocket connect(TestHost host) {
        ClientSocket socket = host.connect(ClientRequest.get("/socket"));
        assertThat(socket.status()).isEqualTo(101);
        return socket;
    }

    static void answer(HttpExchange exchange, String body) {
        exchange.respond(200, bytes(body), Sent.IGNORED);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** Remembers how a write ended, and that it was told on the loop. */
    static final class Ending implements Sent {

        private final HttpExchange exchange;
        private volatile @Nullable Boolean written;
        private volatile boolean waiting;

        Ending(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void waits() {
            waiting = true;
        }

        @Override
        public void sent(boolean wasWritten) {
            assertThat(written).isNull();
            assertThat(exchange.loop().isCurrent()).isTrue();
            written = wasWritten;
        }

        boolean isWaiting() {
            return waiting;
        }

        boolean isKnown() {
            return written != null;
        }

        boolean isWritten() {
            return Boolean.TRUE.equals(written);
        }
    }

    /** Answers with the path and the body. */
    record AnsweringBody(HttpExchange exchange) implements HttpExchange.Body {

        @Override
        public void complete(ByteBuffer body) {
            answer(exchange, exchange.path() + " " + UTF_8.decode(body));
        }

        @Override
        public void tooLarge() {
            answer(exchange, "too large");
        }

        @Override
        public void aborted() {
            answer(exchange, "aborted");
        }
    }

    /** Remembers how reading a body ended, and that it was told on the loop. */
    static final class BodyEnding implements HttpExchange.Body {

        private final HttpExchange exchange;
        private volatile @Nullable String outcome;

        BodyEnding(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void complete(ByteBuffer body) {
            end("complete: " + UTF_8.decode(body));
        }

        @Override
        public void tooLarge() {
            end("too large");
        }

        @Override
        public void aborted() {
            end("aborted");
        }

        private void end(String how) {
            assertThat(outcome).isNull();
            assertThat(exchange.loop().isCurrent()).isTrue();
            outcome = how;
        }

        String await(TestHost host) {
            host.await(() -> outcome != null);
            return Objects.requireNonNull(outcome);
        }
    }
}
