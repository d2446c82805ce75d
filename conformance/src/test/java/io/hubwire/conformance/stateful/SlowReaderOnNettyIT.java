package io.hubwire.conformance.stateful;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.HubServer;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ServerObserver;
import io.hubwire.testkit.RawClient;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that leaves its socket unread, and one beside it that does not. */
@Timeout(60)
class SlowReaderOnNettyIT {

    private static final int PRICES = 40_000;
    private static final int SHARES = 10;
    private static final String PADDING = "x".repeat(1000);
    private static final Pattern PRICE = Pattern.compile("\"arguments\":\\[\"(\\d+)\",(\\d+),");

    @Test
    void findsTheNewestPriceOfEachShareAndHoldsUpNobody() throws InterruptedException {
        Discarded discarded = new Discarded();
        try (HubServer server = HubServer.builder()
                        .observer(discarded)
                        .hub("/prices", PriceHub.class)
                        .configure(
                                PriceHub.class,
                                hub -> hub.slowConsumers(
                                        "price", SlowConsumerPolicy.keepLatest(prices -> prices.get(0))))
                        .build();
                NettyHost host = NettyHost.builder()
                        .address("127.0.0.1")
                        .endpoint(server)
                        .start();
                RawClient slow = connect(host.port());
                RawClient brisk = connect(host.port())) {
            await().until(() -> server.connectionCount(PriceHub.class) == 2);
            Map<String, Integer> seenByBrisk = new ConcurrentHashMap<>();
            Thread reader = Thread.startVirtualThread(() -> readUntilTheNewest(brisk, seenByBrisk));
            for (int i = 0; i < PRICES; i++) {
                server.context(PriceHub.class).clients().all().send("price", String.valueOf(i % SHARES), i, PADDING);
            }
            reader.join();
            assertThat(discarded.calls).hasPositiveValue();

            Map<String, Integer> seenBySlow = new HashMap<>();
            int messages = readUntilTheNewest(slow, seenBySlow);

            assertThat(seenBySlow).isEqualTo(seenByBrisk).hasSize(SHARES);
            assertThat(messages).isLessThan(PRICES);
            assertThat(server.connectionCount(PriceHub.class)).isEqualTo(2);
        }
    }

    /** Reads until the newest price of each share has come; how many came. */
    private static int readUntilTheNewest(RawClient client, Map<String, Integer> seen) {
        int messages = 0;
        while (seen.size() < SHARES || seen.values().stream().anyMatch(price -> price < PRICES - SHARES)) {
            Matcher prices = PRICE.matcher(client.frame().text());
            while (prices.find()) {
                int price = Integer.parseInt(prices.group(2));
                Integer before = seen.put(prices.group(1), price);
                assertThat(before == null || before < price).isTrue();
                messages++;
            }
        }
        return messages;
    }

    private static RawClient connect(int port) {
        RawClient client = new RawClient(port);
        client.send("GET /prices HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(101);
        byte[] handshake = "{\"protocol\":\"json\",\"version\":1}\u001e".getBytes(UTF_8);
        byte[] frame = new byte[6 + handshake.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | handshake.length); // and a mask of zeros, which changes nothing
        System.arraycopy(handshake, 0, frame, 6, handshake.length);
        client.send(frame);
        assertThat(client.frame().text()).isEqualTo("{}\u001e");
        return client;
    }

    /** Sends prices. */
    public static final class PriceHub extends Hub {

        /** A fresh instance for each call. */
        public PriceHub() {}
    }

    private static final class Discarded implements ServerObserver {

        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void discarded(String hub, ConnectionId connection, String method, int count) {
            assertThat(method).isEqualTo("price");
            calls.addAndGet(count);
        }
    }
}
