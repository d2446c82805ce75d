package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import io.hubwire.testkit.RawClient;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many sockets of one loop send in one turn, on the engine that is used by default. */
@Timeout(30)
final class NettySendsIT {

    private static final String UPGRADE = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final int LONG = 4096;

    private final List<WebSocketPeer> peers = new CopyOnWriteArrayList<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final NettyHost host = NettyHost.builder()
            .address("127.0.0.1")
            .threads(1)
            .endpoint(exchange -> {
                exchange.upgrade(Optional.empty(), new Silent());
                return true;
            })
            .start();
    private final List<RawClient> clients = new ArrayList<>();
    private final Count count = new Count();

    @AfterEach
    void close() {
        clients.forEach(RawClient::close);
        host.close();
    }

    private void connect(int many) {
        for (int i = 0; i < many; i++) {
            RawClient client = new RawClient(host.port());
            client.send(UPGRADE);
            client.head();
            clients.add(client);
        }
        await().until(() -> peers.size() == many);
    }

    private void onLoop(Runnable turn) {
        peers.getFirst().loop().execute(turn);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @Test
    void bringOneMessageToMoreThanFitsIntoOneGo() {
        connect(40);
        String text = "x".repeat(LONG);
        ByteBuffer message = bytes(text);
        onLoop(() -> peers.forEach(peer -> peer.send(true, message.duplicate(), count)));

        assertThat(clients)
                .allSatisfy(client -> assertThat(client.frame().text()).isEqualTo(text));
        await().until(() -> count.written.get() == 40);
        assertThat(count.lost).hasValue(0);
    }

    @Test
    void bringEachItsOwn() {
        connect(20);
        onLoop(() -> {
            for (int i = 0; i < peers.size(); i++) {
                peers.get(i).send(true, bytes("x".repeat(i * 20)), count);
            }
        });

        for (int i = 0; i < clients.size(); i++) {
            assertThat(clients.get(i).frame().text()).hasSize(i * 20);
        }
    }

    @Test
    void stayInFrontOfWhatIsSentByAnotherWay() {
        connect(2);
        String large = "y".repeat(100_000);
        onLoop(() -> peers.forEach(peer -> {
            peer.send(
                    true,
                    bytes("first"),
                    first -> peer.send(true, bytes(large), second -> {
                        peer.send(true, bytes("last"), count);
                        peer.close(1000, "");
                    }));
            peer.ping();
        }));

        for (RawClient client : clients) {
            assertThat(client.frame().text()).isEqualTo("first");
            assertThat(client.frame().text()).isEmpty();
            assertThat(client.frame().text()).isEqualTo(large);
            assertThat(client.frame().text()).isEqualTo("last");
            assertThat(client.frame().payload().remaining()).isEqualTo(2);
        }
    }

    @Test
    void comeInOrderToAClientThatReadsLate() {
        connect(1);
        int many = 4_000;
        onLoop(() -> sendNext(0, many));
        await().until(() -> count.waited.get() > 0);

        for (int i = 0; i < many; i++) {
            assertThat(clients.getFirst().frame().text()).startsWith(i + ".").hasSize(LONG);
        }
        await().until(() -> count.written.get() == many);
    }

    private void sendNext(int number, int many) {
        if (number < many) {
            String text = number + "." + "x".repeat(LONG);
            peers.getFirst().send(true, bytes(text.substring(0, LONG)), new Sent() {
                @Override
                public void waits() {
                    count.waits();
                }

                @Override
                public void sent(boolean written) {
                    count.sent(written);
                    onLoop(() -> sendNext(number + 1, many));
                }
            });
        }
    }

    @Test
    void areLostOnAClientThatIsGone() {
        connect(2);
        clients.getFirst().close();
        await().until(() -> closed.get() == 1);
        onLoop(() -> peers.forEach(peer -> peer.send(true, bytes("late"), count)));

        assertThat(clients.getLast().frame().text()).isEqualTo("late");
        await().until(() -> count.lost.get() == 1 && count.written.get() == 1);
    }

    @Test
    void goOnForOthersWhenWhoeverIsToldFails() {
        connect(2);
        onLoop(() -> {
            peers.getFirst().send(true, bytes("one"), written -> {
                throw new IllegalStateException("on purpose");
            });
            peers.getLast().send(true, bytes("other"), count);
        });

        assertThat(clients.getLast().frame().text()).isEqualTo("other");
        await().until(() -> count.written.get() == 1 && closed.get() == 1);
    }

    private static final class Count implements Sent {

        private final AtomicInteger written = new AtomicInteger();
        private final AtomicInteger lost = new AtomicInteger();
        private final AtomicInteger waited = new AtomicInteger();

        @Override
        public void sent(boolean wasWritten) {
            (wasWritten ? written : lost).incrementAndGet();
        }

        @Override
        public void waits() {
            waited.incrementAndGet();
        }
    }

    private final class Silent implements WebSocketPeer.Receiver {

        @Override
        public void opened(WebSocketPeer peer) {
            peers.add(peer);
        }

        @Override
        public boolean received(ByteBuffer bytes) {
            return true;
        }

        @Override
        public void pong() {}

        @Override
        public void closed(boolean clean) {
            closed.incrementAndGet();
        }
    }
}
