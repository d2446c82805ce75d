package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.testkit.RawClient.Answer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** What hosts with sockets promise besides: several requests of one client on one connection. */
public abstract class SocketHostContract extends HostContract {

    /** For subclasses. */
    protected SocketHostContract() {}

    /** Starts a host with these endpoints, in this order. */
    protected abstract Listening listen(HttpEndpoint... endpoints);

    @Override
    protected final TestHost start(HttpEndpoint... endpoints) {
        Listening listening = listen(endpoints);
        return new SocketHost(listening.port(), listening.tls(), listening.close());
    }

    private SocketHost listening(HttpEndpoint endpoint) {
        return (SocketHost) host(endpoint);
    }

    @Test
    void keepsAConnectionForFurtherRequests() {
        AtomicInteger count = new AtomicInteger();
        SocketHost host = listening(exchange -> {
            answer(exchange, exchange.path() + count.incrementAndGet());
            return true;
        });
        try (RawClient client = host.client()) {
            for (int i = 1; i <= 3; i++) {
                client.send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(client.answer().body()).isEqualTo("/x" + i);
            }
        }
    }

    @Test
    void closesAConnectionThatTheClientDoesNotWantToKeep() {
        SocketHost host = listening(exchange -> {
            answer(exchange, "bye");
            return true;
        });
        try (RawClient client = host.client()) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("bye");
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() {
        Queue<HttpExchange> waiting = new ConcurrentLinkedQueue<>();
        SocketHost host = listening(exchange -> {
            waiting.add(exchange);
            exchange.loop().execute(() -> answerAll(waiting));
            return true;
        });
        try (RawClient client = host.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("POST /").append(i);
                requests.append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
            }
            client.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer().body()).isEqualTo("/" + i + " body");
            }
        }
    }

    private static void answerAll(Queue<HttpExchange> waiting) {
        Queue<HttpExchange> now = new ArrayDeque<>(waiting);
        waiting.clear();
        now.forEach(exchange -> exchange.body(10, new AnsweringBody(exchange)));
    }

    @Test
    void asksAboutAPipelinedRequestWhenTheOneBeforeIsAnswered() {
        Queue<HttpExchange> asked = new ConcurrentLinkedQueue<>();
        SocketHost host = listening(exchange -> {
            asked.add(exchange);
            return true;
        });
        try (RawClient client = host.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            SocketHost.awaitTrue(() -> !asked.isEmpty());
            HttpExchange first = asked.remove();
            assertThat(asked).isEmpty();
            answer(first, "first");
            assertThat(client.answer().body()).isEqualTo("first");
            SocketHost.awaitTrue(() -> !asked.isEmpty());
            assertThat(asked.remove().path()).isEqualTo("/2");
        }
    }

    @Test
    void goesOnAfterABodyThatNobodyAskedFor() {
        SocketHost host = listening(exchange -> {
            answer(exchange, exchange.path());
            return true;
        });
        try (RawClient client = host.client()) {
            client.send("POST /1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nunwanted");
            assertThat(client.answer().body()).isEqualTo("/1");
            client.send(
                    "POST /2 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("/2");
            client.send("GET /3 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("/3");
        }
    }

    @Test
    void goesOnAfterAStream() {
        SocketHost host = listening(exchange -> {
            HttpExchange.ResponseStream stream = exchange.stream(200);
            stream.write(bytes(exchange.path()), written -> stream.end());
            return true;
        });
        try (RawClient client = host.client()) {
            for (String path : new String[] {"/1", "/2"}) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Answer answer = client.answer();
                assertThat(answer.head().isChunked()).isTrue();
                assertThat(answer.body()).isEqualTo(path);
            }
        }
    }

    /**
     * A port, and what ends listening on it.
     *
     * @param tls what clients use, if the host speaks TLS
     */
    public record Listening(int port, Optional<SSLContext> tls, Runnable close) {

        /** A port without TLS. */
        public Listening(int port, Runnable close) {
            this(port, Optional.empty(), close);
        }
    }
}
