package io.hubwire.server.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import io.hubwire.testkit.RawClient;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host does with clients that take their time: here it is impatient. */
final class NettyDeadlinesIT {

    private static final String HOST = "Host: localhost\r\n";
    private static final Duration SHORT = Duration.ofMillis(300);

    private final NettyHost host = NettyHost.builder()
            .address("127.0.0.1")
            .threads(1)
            .endpoint(new Echo())
            .requestTimeout(SHORT)
            .keepAliveTimeout(SHORT)
            .start();
    private final RawClient client = new RawClient(host.port());

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    @Test
    void closesOnWhoeverDoesNotFinishAHead() {
        client.send("GET / HTTP/1.1\r\n");

        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void closesOnWhoeverSendsAHeadByteByByte() {
        await().atMost(10, SECONDS)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    try {
                        client.send("a");
                        return false;
                    } catch (UncheckedIOException closed) {
                        return true;
                    }
                });
    }

    @Test
    void closesOnWhoeverSaysNothing() {
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void closesOnWhoeverDoesNotFinishABody() {
        client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\n\r\nbo");

        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void closesAConnectionOnWhichNothingFollows() {
        client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
        client.answer();

        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void takesItsTimeWithAnAnswer() {
        AtomicReference<@Nullable HttpExchange> asked = new AtomicReference<>();
        NettyHost patient = NettyHost.builder()
                .address("127.0.0.1")
                .endpoint(exchange -> {
                    asked.set(exchange);
                    return true;
                })
                .requestTimeout(SHORT)
                .keepAliveTimeout(SHORT)
                .start();
        try (RawClient waiting = new RawClient(patient.port())) {
            waiting.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            await().atMost(10, SECONDS).until(() -> asked.get() != null);
            for (int i = 0; i < 2; i++) {
                try (RawClient other = new RawClient(patient.port())) {
                    assertThat(other.isClosedInOrder())
                            .as("twice the time passes for others")
                            .isTrue();
                }
            }
            Objects.requireNonNull(asked.get()).respond(200, ByteBuffer.wrap(new byte[] {'x'}), Sent.IGNORED);

            assertThat(waiting.answer().body()).isEqualTo("x");
        } finally {
            patient.close();
        }
    }

    @Test
    void cutsAClientThatTakesNothingOfItsAnswer() {
        NettyHost large = NettyHost.builder()
                .address("127.0.0.1")
                .endpoint(exchange -> {
                    exchange.respond(200, ByteBuffer.allocate(32 << 20), Sent.IGNORED);
                    return true;
                })
                .requestTimeout(SHORT)
                .start();
        try (RawClient slow = new RawClient(large.port())) {
            slow.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            await().atMost(10, SECONDS).until(() -> {
                try {
                    slow.send("x");
                    return false;
                } catch (UncheckedIOException cut) {
                    return true;
                }
            });
        } finally {
            large.close();
        }
    }
}
