package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.testkit.ClientFrame;
import io.hubwire.testkit.RawClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets at their edges, on the engine that is used by default. */
final class NettyWebSocketIT {

    private static final String UPGRADE = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: WebSocket\r\n"
            + "Connection: keep-alive, upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private final NettyHost host = NettyHost.builder()
            .address("127.0.0.1")
            .threads(1)
            .endpoint(new Echo())
            .start();
    private final RawClient client = new RawClient(host.port());

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    private void open() {
        client.send(UPGRADE);
        client.head();
    }

    @Test
    void provesThatItHasReadTheKey() {
        client.send(UPGRADE);
        RawClient.Head head = client.head();

        assertThat(head.line()).isEqualTo("HTTP/1.1 101 Switching Protocols");
        assertThat(head.values("sec-websocket-accept")).containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(head.values("upgrade")).containsExactly("websocket");
        assertThat(head.values("connection")).containsExactly("Upgrade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "14", "x"})
    void namesItsVersionToWhoeverWantsAnother(String version) {
        client.send(UPGRADE.replace("Version: 13", "Version: " + version));
        RawClient.Head head = client.head();

        assertThat(head.status()).isEqualTo(426);
        assertThat(head.values("sec-websocket-version")).containsExactly("13");
    }

    @Test
    void takesNoUpgradeForOneThatIsNotInOrder() {
        for (String request : new String[] {
            UPGRADE.replace("nonce", "").replace("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j"),
            UPGRADE.replace("dGhlIHNhbXBsZSBub25jZQ==", "*"),
            UPGRADE.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
            UPGRADE.replace("keep-alive, upgrade", "keep-alive"),
            UPGRADE.replace("Upgrade: WebSocket", "Upgrade: h2c"),
            UPGRADE.replace("GET", "POST"),
            UPGRADE.replace("Host: localhost", "Host: localhost\r\nContent-Length: 4") + "body",
        }) {
            client.send(request);
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void takesFramesThatComeWithTheUpgrade() {
        byte[] early =
                ClientFrame.join(UPGRADE.getBytes(UTF_8), ClientFrame.whole(ClientFrame.TEXT, "early".getBytes(UTF_8)));
        client.send(early);
        client.head();

        assertThat(client.frame().text()).isEqualTo("early");
    }

    @Test
    void answersWhateverTheSplitOfAStreamIs() {
        open();
        byte[] stream = ClientFrame.join(
                ClientFrame.unfinished(ClientFrame.TEXT, "größ".getBytes(UTF_8)),
                ClientFrame.whole(ClientFrame.CONTINUATION, "er".getBytes(UTF_8)));
        for (int split = 1; split < stream.length; split++) {
            client.send(Arrays.copyOfRange(stream, 0, split));
            client.send(Arrays.copyOfRange(stream, split, stream.length));
            StringBuilder answer = new StringBuilder();
            while (answer.length() < 6) {
                ByteBuffer payload = client.frame().payload();
                answer.append(UTF_8.decode(payload));
            }
        }
        client.send(ClientFrame.whole(ClientFrame.PING, "alive".getBytes(UTF_8)));
        assertThat(client.frame().text()).isEqualTo("alive");
    }

    @Test
    void echoesLargeMessages() {
        open();
        byte[] large = new byte[3_000_000];
        fill(large);
        Thread.ofVirtual().start(() -> client.send(ClientFrame.whole(ClientFrame.BINARY, large)));
        ByteBuffer echoed = ByteBuffer.allocate(large.length);
        while (echoed.hasRemaining()) {
            echoed.put(client.frame().payload());
        }

        assertThat(echoed.array()).isEqualTo(large);
    }

    private static void fill(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
    }

    @Test
    void answersTheLatestOfManyPingsToAClientThatDoesNotRead() {
        open();
        byte[] payload = new byte[125];
        byte[] ping = ClientFrame.whole(ClientFrame.PING, payload);
        byte[] many = new byte[ping.length * 100];
        for (int i = 0; i < 100; i++) {
            System.arraycopy(ping, 0, many, i * ping.length, ping.length);
        }
        for (int i = 0; i < 1000; i++) {
            client.send(many);
        }
        client.send(ClientFrame.whole(ClientFrame.PING, "last".getBytes(UTF_8)));
        String text = client.frame().text();
        while (!text.equals("last")) {
            text = client.frame().text();
        }
    }

    @Test
    void closesInOrderOnWhoeverBreaksTheProtocolAndGoesOnSending() {
        open();
        client.send(ClientFrame.of(0x83, new byte[10]));
        for (int i = 0; i < 50; i++) {
            client.sendIfOpen(new byte[100_000]);
        }
        RawClient.Frame frame = client.frame();

        assertThat(frame.opcode()).isEqualTo(ClientFrame.CLOSE);
        assertThat(frame.payload().getShort()).isEqualTo((short) 1002);
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void closesWhenTheClientSaysGoodbye() {
        open();
        client.send(ClientFrame.whole(ClientFrame.CLOSE));
        RawClient.Frame frame = client.frame();

        assertThat(frame.opcode()).isEqualTo(ClientFrame.CLOSE);
        assertThat(frame.payload())
                .isEqualTo(ByteBuffer.allocate(2).putShort((short) 1000).flip());
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void servesTheJdksClient() throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<String> echoed = new CompletableFuture<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        try (HttpClient jdk = HttpClient.newHttpClient()) {
            WebSocket socket = jdk.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + host.port() + "/"), new Listener(echoed, closed))
                    .get(10, SECONDS);
            socket.sendText("hello", true).get(10, SECONDS);
            assertThat(echoed.get(10, SECONDS)).isEqualTo("hello");
            socket.sendClose(4000, "enough").get(10, SECONDS);
            assertThat(closed.get(10, SECONDS)).isEqualTo(1000);
        }
    }

    private record Listener(CompletableFuture<String> echoed, CompletableFuture<Integer> closed)
            implements WebSocket.Listener {

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            echoed.complete(UTF_8.decode(data).toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }
}
