package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.HttpExchange.ResponseStream;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a host promises of answers, whole and in pieces. */
abstract class AnswerPromises extends RequestPromises {

    /** More than a socket and all buffers on the way take of a client that does not read. */
    static final int MORE_THAN_A_SOCKET_TAKES = 16 * 1024 * 1024;

    private final AtomicReference<@Nullable HttpExchange> asked = new AtomicReference<>();

    @Test
    void answersWithStatusHeadersAndBody() {
        TestHost host = host(exchange -> {
            exchange.responseHeader("X-Twice", "one");
            exchange.responseHeader("X-Twice", "two");
            exchange.respond(201, bytes("made"), Sent.IGNORED);
            return true;
        });

        ClientExchange client = host.request(ClientRequest.get("/"));
        assertThat(client.status()).isEqualTo(201);
        assertThat(client.headers("x-twice")).containsExactly("one", "two");
        assertThat(client.headers("content-length")).containsExactly("4");
        assertThat(client.headers("content-type")).isEmpty();
        assertThat(client.body()).isEqualTo("made");
    }

    @Test
    void saysThatAnEmptyAnswerIsEmpty() {
        TestHost host = host(exchange -> {
            exchange.respond(401, ByteBuffer.allocate(0), Sent.IGNORED);
            return true;
        });

        ClientExchange client = host.request(ClientRequest.get("/"));
        assertThat(client.status()).isEqualTo(401);
        assertThat(client.headers("content-length")).containsExactly("0");
        assertThat(client.body()).isEmpty();
    }

    @Test
    void answersHeadWithTheHeadAlone() {
        TestHost host = host(exchange -> {
            answer(exchange, "unseen");
            return true;
        });

        ClientExchange client = host.request(ClientRequest.of("HEAD", "/"));
        assertThat(client.headers("content-length")).containsExactly("6");
        assertThat(client.body()).isEmpty();
    }

    @Test
    void answersFromAnyThreadAndTellsOnTheLoop() throws InterruptedException {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        Ending ending = new Ending(exchange);
        Thread elsewhere = Thread.ofVirtual().start(() -> {
            exchange.responseHeader("X-From", "elsewhere");
            exchange.respond(200, bytes("hello"), ending);
        });
        elsewhere.join();

        assertThat(client.body()).isEqualTo("hello");
        assertThat(client.headers("x-from")).containsExactly("elsewhere");
        host.await(ending::isKnown);
        assertThat(ending.isWritten()).isTrue();
    }

    @Test
    void doesNotChangeWhatItIsGivenToSend() {
        ByteBuffer body = bytes("same");
        TestHost host = host(exchange -> {
            exchange.respond(200, body, Sent.IGNORED);
            return true;
        });

        assertThat(host.request(ClientRequest.get("/")).body()).isEqualTo("same");
        assertThat(host.request(ClientRequest.get("/")).body()).isEqualTo("same");
    }

    @Test
    void isAnsweredOnce() {
        TestHost host = host(asked);
        host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        answer(exchange, "once");

        assertThatThrownBy(() -> answer(exchange, "twice")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> exchange.stream(200)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void doesNotCallAnAnswerSentThatTheClientHasNotTaken() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        client.hold();
        Ending ending = new Ending(exchange);
        exchange.respond(200, ByteBuffer.allocate(MORE_THAN_A_SOCKET_TAKES), ending);

        TaskDone.of(exchange).await(host);
        assertThat(ending.isWaiting()).isTrue();
        assertThat(ending.isKnown()).isFalse();
        client.release();
        assertThat(client.body()).hasSize(MORE_THAN_A_SOCKET_TAKES);
        host.await(ending::isKnown);
        assertThat(ending.isWritten()).isTrue();
    }

    @Test
    void tellsThatAnAnswerWasLostWithItsClient() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        client.hold();
        Ending ending = new Ending(exchange);
        exchange.respond(200, ByteBuffer.allocate(MORE_THAN_A_SOCKET_TAKES), ending);
        client.vanish();

        host.await(ending::isKnown);
        assertThat(ending.isWritten()).isFalse();
    }

    @Test
    void tellsThatAnAnswerCameTooLate() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        AtomicInteger gone = new AtomicInteger();
        exchange.onGone(gone::incrementAndGet);
        client.vanish();
        host.await(() -> gone.get() > 0);
        Ending ending = new Ending(exchange);
        exchange.respond(200, bytes("too late"), ending);

        host.await(ending::isKnown);
        assertThat(ending.isWritten()).isFalse();
        assertThat(gone).hasValue(1);
    }

    @Test
    void flushesTheHeadOfAStreamAtOnce() {
        TestHost host = host(exchange -> {
            exchange.responseHeader("Content-Type", "text/event-stream");
            exchange.stream(200);
            return true;
        });

        ClientExchange client = host.request(ClientRequest.get("/"));
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.headers("content-type")).containsExactly("text/event-stream");
    }

    @Test
    void writesAStreamPieceByPieceFromAnyThread() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        ResponseStream stream = exchange.stream(200);
        for (String piece : new String[] {"one,", "two,", "three"}) {
            Ending ending = new Ending(exchange);
            stream.write(bytes(piece), ending);
            assertThat(client.read(piece.length())).isEqualTo(piece);
            host.await(ending::isKnown);
            assertThat(ending.isWritten()).isTrue();
        }
        stream.end();
        assertThat(client.isWhole()).isTrue();
    }

    @Test
    void writesAndEndsAStreamInOneGo() {
        TestHost host = host(exchange -> {
            ResponseStream stream = exchange.stream(200);
            stream.write(bytes("everything"), Sent.IGNORED);
            stream.end();
            return true;
        });

        assertThat(host.request(ClientRequest.get("/")).body()).isEqualTo("everything");
    }

    @Test
    void showsThatAnAbortedStreamIsBroken() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        ResponseStream stream = exchange.stream(200);
        Ending ending = new Ending(exchange);
        stream.write(bytes("half"), ending);
        host.await(ending::isKnown);
        stream.abort();

        assertThat(client.isWhole()).isFalse();
        Ending late = new Ending(exchange);
        stream.write(bytes("more"), late);
        host.await(late::isKnown);
        assertThat(late.isWritten()).isFalse();
    }

    @Test
    void doesNotCallAPieceSentThatTheClientHasNotTaken() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        ResponseStream stream = exchange.stream(200);
        client.hold();
        Ending ending = new Ending(exchange);
        stream.write(ByteBuffer.allocate(MORE_THAN_A_SOCKET_TAKES), ending);

        TaskDone.of(exchange).await(host);
        assertThat(ending.isWaiting()).isTrue();
        assertThat(ending.isKnown()).isFalse();
        client.release();
        assertThat(client.read(MORE_THAN_A_SOCKET_TAKES)).hasSize(MORE_THAN_A_SOCKET_TAKES);
        host.await(ending::isKnown);
        assertThat(ending.isWritten()).isTrue();
    }

    @Test
    void tellsThatAPieceWasLostWithItsClient() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        ResponseStream stream = exchange.stream(200);
        client.hold();
        Ending ending = new Ending(exchange);
        AtomicInteger gone = new AtomicInteger();
        exchange.onGone(gone::incrementAndGet);
        stream.write(ByteBuffer.allocate(MORE_THAN_A_SOCKET_TAKES), ending);
        client.vanish();

        host.await(ending::isKnown);
        assertThat(ending.isWritten()).isFalse();
        host.await(() -> gone.get() == 1);
    }

    @Test
    void noticesAClientThatVanishesWhileItWaits() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        AtomicInteger goneOnLoop = new AtomicInteger();
        exchange.onGone(() -> goneOnLoop.addAndGet(exchange.loop().isCurrent() ? 1 : 1000));
        client.vanish();

        host.await(() -> goneOnLoop.get() == 1);
    }

    @Test
    void tellsWhoAsksTooLateThatTheClientHasGone() {
        AtomicInteger first = new AtomicInteger();
        TestHost host = host(exchange -> {
            exchange.onGone(first::incrementAndGet);
            asked.set(exchange);
            return true;
        });
        ClientExchange client = host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        client.vanish();
        host.await(() -> first.get() == 1);
        AtomicInteger second = new AtomicInteger();
        exchange.onGone(second::incrementAndGet);

        host.await(() -> second.get() == 1);
    }
}
