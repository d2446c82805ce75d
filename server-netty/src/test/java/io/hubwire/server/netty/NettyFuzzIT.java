package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hubwire.server.spi.WebSocketPeer;
import io.hubwire.testkit.RawClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Clients that send nonsense and vanish: no loop ends, no buffer is lost, nothing is called an error of ours. */
final class NettyFuzzIT {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int ROUNDS = 1500;

    private final ListAppender<ILoggingEvent> errors = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final AtomicInteger open = new AtomicInteger();
    private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

    @BeforeEach
    void watch() {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        errors.start();
        root.addAppender(errors);
    }

    @AfterEach
    void unwatch() {
        root.detachAppender(errors);
        ResourceLeakDetector.setLevel(before);
    }

    @Test
    @On(Engine.IO_URING)
    void outlivesClientsThatSendNonsenseOnIoUring() {
        outlivesNonsense(Engine.IO_URING);
    }

    @Test
    @On(Engine.EPOLL)
    void outlivesClientsThatSendNonsenseOnEpoll() {
        outlivesNonsense(Engine.EPOLL);
    }

    @Test
    void outlivesClientsThatSendNonsenseOnNio() {
        outlivesNonsense(Engine.NIO);
    }

    private void outlivesNonsense(Engine engine) {
        System.out.println("fuzzing with -Dseed=" + SEED);
        Mutations mutations = new Mutations(new Random(SEED));
        Echo echo = new Echo();
        try (NettyHost host = NettyHost.builder()
                .address("127.0.0.1")
                .engine(engine)
                .threads(1)
                .requestTimeout(Duration.ofSeconds(2))
                .endpoint(exchange -> {
                    if (exchange.isUpgrade()) {
                        exchange.upgrade(Optional.empty(), new Counted(echo.socket()));
                        return true;
                    }
                    return echo.handle(exchange);
                })
                .start()) {
            for (int round = 0; round < ROUNDS; round++) {
                torture(host.port(), mutations);
            }
            isAlive(host.port());
            await().atMost(10, SECONDS).until(() -> open.get() == 0);
        }
        findLeaks();
        assertThat(errors.list)
                .as("seed %d", SEED)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    private static void torture(int port, Mutations mutations) {
        Random random = mutations.random();
        byte[] bytes = mutations.conversation();
        RawClient client = new RawClient(port);
        int split = random.nextInt(bytes.length + 1);
        client.sendIfOpen(Arrays.copyOfRange(bytes, 0, split));
        client.sendIfOpen(Arrays.copyOfRange(bytes, split, bytes.length));
        if (random.nextBoolean()) {
            client.close();
        } else {
            client.reset();
        }
    }

    private static void isAlive(int port) {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            assertThat(client.answer().body()).isEqualTo("GET /alive ");
        }
    }

    /** Lost buffers are found when others are asked for after they were collected. */
    private static void findLeaks() {
        for (int i = 0; i < 5; i++) {
            System.gc();
            for (int j = 0; j < 200; j++) {
                ByteBufAllocator.DEFAULT.buffer(16).release();
            }
        }
    }

    /** Counts the sockets that are open. */
    private final class Counted implements WebSocketPeer.Receiver {

        private final WebSocketPeer.Receiver receiver;

        Counted(WebSocketPeer.Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void opened(WebSocketPeer peer) {
            open.incrementAndGet();
            receiver.opened(peer);
        }

        @Override
        public boolean received(ByteBuffer bytes) {
            return receiver.received(bytes);
        }

        @Override
        public void pong() {
            receiver.pong();
        }

        @Override
        public void closed(boolean clean) {
            open.decrementAndGet();
            receiver.closed(clean);
        }
    }
}
