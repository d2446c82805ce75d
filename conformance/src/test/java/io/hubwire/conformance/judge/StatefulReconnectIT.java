package io.hubwire.conformance.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.HubServer;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Microsoft's newest JavaScript client behind a network that cuts, stalls and half-closes: nothing is lost, doubled or
 * out of order. {@code -Dhubwire.stateful.messages=100000} plays it in full.
 */
@Timeout(900)
class StatefulReconnectIT {

    private static final Path JS = Path.of("js").toAbsolutePath();
    private static final int MESSAGES = Integer.getInteger("hubwire.stateful.messages", 10_000);

    /** How long the messages may take; clients tell of what they lack by then. */
    private static final Duration PATIENCE = Duration.ofMinutes(2).plusMillis(5L * MESSAGES);

    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final long SEED =
            Long.getLong("seed", ThreadLocalRandom.current().nextLong());

    @Test
    void bringsOneClientEveryMessageOnceAndInOrder() throws IOException, InterruptedException {
        play(1, MESSAGES, Duration.ofMillis(300));
    }

    @Test
    void bringsManyClientsEveryMessageOnceAndInOrder() throws IOException, InterruptedException {
        play(500, MESSAGES / 500, Duration.ofMillis(5));
    }

    private static void play(int clients, int messages, Duration pause) throws IOException, InterruptedException {
        System.out.println("StatefulReconnectIT: seed " + SEED);
        TransportOptions allowed =
                TransportOptions.builder().allowStatefulReconnects(true).build();
        try (HubServer server = HubServer.builder()
                        .hub("/count", CountingHub.class, mount -> mount.transports(allowed))
                        .build();
                NettyHost host = NettyHost.builder().endpoint(server).start();
                TcpProxy proxy = TcpProxy.to(host.port());
                Storm storm = new Storm(proxy, new Random(SEED), pause)) {
            long start = System.nanoTime();
            List<String> lines = new CopyOnWriteArrayList<>();
            int status = Verdict.run(node(proxy.port(), clients, messages), PATIENCE.plus(MARGIN), line -> {
                lines.add(line);
                storm.begin();
            });
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            System.out.println("StatefulReconnectIT: " + clients + " clients, " + messages + " messages each way, "
                    + storm.blows.get() + " blows, " + storm.followers.size() + " sockets that followed another, "
                    + time.toMillis() + " ms");

            assertThat(lines).containsExactly("started", "received " + clients * messages);
            assertThat(status).isZero();
            assertThat(storm.followers).isNotEmpty();
        }
    }

    private static ProcessBuilder node(int port, int clients, int messages) {
        return new ProcessBuilder(
                        "node",
                        "stateful.mjs",
                        "http://127.0.0.1:" + port + "/count",
                        String.valueOf(clients),
                        String.valueOf(messages),
                        String.valueOf(PATIENCE.toMillis()))
                .directory(JS.toFile())
                .redirectErrorStream(true);
    }

    /** What happens to links at random, but not to those over which a client has not spoken yet: it tries once only. */
    private static final class Storm implements AutoCloseable {

        private final TcpProxy proxy;
        private final Random random;
        private final Duration pause;
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicBoolean begun = new AtomicBoolean();
        private final AtomicInteger blows = new AtomicInteger();

        /** Links over which a client went on: none of those that were there before the first blow. */
        private final Set<TcpProxy.Link> followers = ConcurrentHashMap.newKeySet();

        Storm(TcpProxy proxy, Random random, Duration pause) {
            this.proxy = proxy;
            this.random = random;
            this.pause = pause;
        }

        void begin() {
            if (begun.compareAndSet(false, true)) {
                Thread.startVirtualThread(this::blow);
            }
        }

        private void blow() {
            Set<TcpProxy.Link> first = Set.copyOf(proxy.links());
            while (!over.get()) {
                LockSupport.parkNanos(random.nextLong(pause.toNanos() * 2));
                List<TcpProxy.Link> links =
                        proxy.links().stream().filter(TcpProxy.Link::isInUse).toList();
                links.stream().filter(link -> !first.contains(link)).forEach(followers::add);
                if (!links.isEmpty()) {
                    blows.incrementAndGet();
                    strike(links.get(random.nextInt(links.size())));
                }
            }
        }

        private void strike(TcpProxy.Link link) {
            switch (random.nextInt(6)) {
                case 0 -> link.cut();
                case 1 -> link.cutClient();
                case 2 -> link.shutDownToServer();
                case 3 -> link.shutDownToClient();
                case 4 -> stall(link, link::resume);
                default -> stall(link, link::cut);
            }
        }

        private void stall(TcpProxy.Link link, Runnable then) {
            link.stall();
            long nanos = random.nextLong(pause.toNanos() * 4);
            Thread.startVirtualThread(() -> {
                LockSupport.parkNanos(nanos);
                then.run();
            });
        }

        @Override
        public void close() {
            over.set(true);
        }
    }
}
