package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import io.hubwire.testkit.ClientFrame;
import io.hubwire.testkit.RawClient;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is compressed on its way to sockets and from them. */
@Timeout(60)
final class NettyCompressionIT {

    private static final String UPGRADE = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<RawClient> clients = new ArrayList<>();
    private @Nullable NettyHost started;

    @AfterEach
    void close() {
        clients.forEach(RawClient::close);
        host().close();
    }

    private NettyHost host() {
        return Objects.requireNonNull(started);
    }

    private void start(NettyHost.Builder builder) {
        started = builder.address("127.0.0.1")
                .threads(2)
                .endpoint(exchange -> {
                    Socket socket = new Socket();
                    exchange.upgrade(Optional.empty(), socket);
                    return true;
                })
                .start();
    }

    private void start() {
        start(NettyHost.builder()
                .compression(WebSocketCompression.builder()
                        .threshold(100)
                        .maximumMessageSize(200_000)
                        .build()));
    }

    private RawClient.Head connect(String offer) {
        RawClient client = new RawClient(host().port());
        clients.add(client);
        client.send(UPGRADE + offer + "\r\n");
        return client.head();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** Sends a message to all sockets, on their loops. */
    private void broadcast(ByteBuffer message) {
        sockets.forEach(socket ->
                socket.peer().loop().execute(() -> socket.peer().send(true, message.duplicate(), Sent.IGNORED)));
    }

    private static String text(RawClient.Frame frame) {
        byte[] payload = new byte[frame.payload().remaining()];
        frame.payload().duplicate().get(payload);
        return new String(Deflated.inflated(payload), UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void compressesAMessageOnceHoweverManyItGoesTo(Engine engine) {
        start(NettyHost.builder()
                .engine(engine)
                .compression(WebSocketCompression.builder().build()));
        for (int i = 0; i < 100; i++) {
            connect(i % 10 == 0 ? "" : OFFER);
        }
        await().until(() -> sockets.size() == 100);
        String text = "{\"type\":1,\"target\":\"tell\",\"arguments\":[\"" + "news ".repeat(400) + "\"]}\u001e";
        ByteBuffer message = bytes(text);
        broadcast(message);
        broadcast(message);

        for (int i = 0; i < 100; i++) {
            for (int twice = 0; twice < 2; twice++) {
                RawClient.Frame frame = clients.get(i).frame();
                assertThat(frame.opcode()).isEqualTo(ClientFrame.TEXT);
                assertThat(frame.compressed()).isEqualTo(i % 10 != 0);
                assertThat(frame.compressed() ? text(frame) : frame.text()).isEqualTo(text);
            }
        }
        assertThat(host().messagesCompressed())
                .as("once, or by both loops if they come to it at the same moment")
                .isBetween(1L, 2L);
    }

    @Test
    void agreesWithWhoeverOffersIt() {
        start();

        assertThat(connect(OFFER).values("sec-websocket-extensions"))
                .containsExactly("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        assertThat(connect("").values("sec-websocket-extensions")).isEmpty();
        assertThat(connect(OFFER.replace("client_max_window_bits", "server_max_window_bits=9"))
                        .values("sec-websocket-extensions"))
                .isEmpty();
    }

    @Test
    void agreesWithNobodyByDefault() {
        start(NettyHost.builder());

        assertThat(connect(OFFER).values("sec-websocket-extensions")).isEmpty();
    }

    @Test
    void sendsWhatIsShortOrLongOrDoesNotGetSmallerAsItIs() {
        start();
        connect(OFFER);
        await().until(() -> sockets.size() == 1);
        for (String text : List.of("x".repeat(99), "y".repeat(200_001))) {
            broadcast(bytes(text));
            RawClient.Frame frame = clients.getFirst().frame();
            assertThat(frame.compressed()).isFalse();
            assertThat(frame.text()).isEqualTo(text);
        }
        sockets.getFirst().peer().loop().execute(() -> sockets.getFirst().peer().ping());
        assertThat(clients.getFirst().frame().opcode()).isEqualTo(ClientFrame.PING);
    }

    @Test
    void readsWhatClientsCompressWhateverTheirPace() {
        start();
        connect(OFFER);
        await().until(() -> sockets.size() == 1);
        Socket socket = sockets.getFirst();
        socket.pauses = true;
        String text = "größer €".repeat(10_000);
        clients.getFirst()
                .send(ClientFrame.join(
                        Deflated.frame(ClientFrame.TEXT, text.getBytes(UTF_8)),
                        ClientFrame.whole(ClientFrame.TEXT, "plain".getBytes(UTF_8)),
                        ClientFrame.whole(ClientFrame.CLOSE)));

        await().until(() -> "clean".equals(socket.end.get()));
        assertThat(socket.came.toString(UTF_8)).isEqualTo(text + "plain");
        assertThat(socket.pieces).hasValueGreaterThan(5);
    }

    @Test
    void closesOnABombWithoutLettingItGoOff() {
        start();
        connect(OFFER);
        byte[] bomb = Deflated.frame(ClientFrame.BINARY, new byte[100_000_000]);
        clients.getFirst().sendIfOpen(bomb);

        RawClient.Frame close = clients.getFirst().frame();
        assertThat(close.opcode()).isEqualTo(ClientFrame.CLOSE);
        assertThat(close.payload().getShort()).isEqualTo((short) 1009);
        await().until(() -> "lost".equals(sockets.getFirst().end.get()));
        assertThat(sockets.getFirst().came.size()).isLessThan(300_000);
    }

    @Test
    void saysWhatIsWrongWithItsOptions() {
        start();
        WebSocketCompression.Builder options = WebSocketCompression.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.threshold(-1))
                .withMessage("threshold: -1 (expected: >= 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.level(0))
                .withMessage("level: 0 (expected: 1 to 9)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.maximumMessageSize(0))
                .withMessage("maximumMessageSize: 0 (expected: > 0)");
        assertThat(options.build())
                .hasToString("WebSocketCompression[threshold=1024, level=6, maximumMessageSize=1048576,"
                        + " clientContextTakeover=false]");
    }

    private final class Socket implements WebSocketPeer.Receiver {

        private final ByteArrayOutputStream came = new ByteArrayOutputStream();
        private final AtomicReference<@Nullable String> end = new AtomicReference<>();
        private volatile boolean pauses;
        private final AtomicInteger pieces = new AtomicInteger();
        private @Nullable WebSocketPeer peer;

        private WebSocketPeer peer() {
            return Objects.requireNonNull(peer);
        }

        @Override
        public void opened(WebSocketPeer opened) {
            peer = opened;
            sockets.add(this);
        }

        @Override
        public boolean received(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            came.writeBytes(copy);
            pieces.incrementAndGet();
            if (pauses) {
                peer().resume();
            }
            return !pauses;
        }

        @Override
        public void pong() {}

        @Override
        public void closed(boolean clean) {
            end.set(clean ? "clean" : "lost");
        }
    }
}
