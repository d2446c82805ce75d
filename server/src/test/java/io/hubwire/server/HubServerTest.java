package io.hubwire.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.fixture.FakeSocket;
import io.hubwire.server.fixture.ThreadLoop;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubName;
import io.hubwire.server.options.HubOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server as a host sees it, from requests to answers, without a network. */
@Timeout(20)
class HubServerTest {

    private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}\u001E";
    private static final String COME_BACK = "text {\"type\":7,\"allowReconnect\":true}\u001E";

    private final ThreadLoop loop = new ThreadLoop();
    private final FakeClock clock = new FakeClock();
    private final HubServer server = HubServer.builder()
            .hub("/chat", Chat.class)
            .hub("/chat/too", Chat.class)
            .connection("/echo", HubServerTest::echo)
            .payload(new FakePayload())
            .scheduler(clock)
            .build();

    @AfterEach
    void stopTheLoop() {
        loop.close();
    }

    @Nested
    class Serving {

        @Test
        void answersCalls() {
            FakeSocket client = connect("/chat");
            client.say(call("Echo", "hi"));

            awaitUntil(() -> client.messages().contains("text " + result("hi")));
        }

        @Test
        void isOneHubWhereverItIsMounted() {
            FakeSocket here = connect("/chat");
            FakeSocket there = connect("/chat/too");
            assertThat(server.connectionCount(Chat.class)).isEqualTo(2);

            server.context(Chat.class).clients().all().send("News");

            String news = "text {\"type\":1,\"target\":\"News\",\"arguments\":[]}\u001E";
            awaitUntil(() -> here.messages().contains(news) && there.messages().contains(news));
        }

        @Test
        void closesHubsThatCanBeClosedWhenTheirCallsAreOver() {
            FakeSocket client = connect("/chat");
            int before = Chat.CLOSED.get();
            client.say(call("Echo", "hi"));

            awaitUntil(() -> Chat.CLOSED.get() > before);
        }

        @Test
        void readsRawConnectionsNoFasterThanTheyRead() {
            FakeSocket client = open("/echo");
            client.holdWrites();
            for (int i = 0; i < 300; i++) {
                client.say("x".repeat(1_000));
            }

            awaitUntil(client::isPaused);
            client.endWrite(true);

            awaitUntil(() -> client.messages().size() == 300 && !client.isPaused());
        }

        @Test
        void carriesRawConnections() {
            FakeSocket client = open("/echo");
            client.say("a");
            client.say("b");
            awaitUntil(() -> client.messages().contains("text b"));

            client.say("close");

            awaitUntil(() -> client.closeCode() == 1000);
            assertThat(client.messages()).containsExactly("text a", "text b", "close 1000");
        }

        @Test
        void knowsNoHubThatIsNotMounted() {
            assertThatThrownBy(() -> server.context(Stranger.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(Stranger.class.getName() + " is mounted nowhere on this server");
        }
    }

    @Nested
    class Draining {

        @Test
        void letsCallsEndAndSendsEveryoneElsewhere() {
            FakeSocket busy = connect("/chat");
            FakeSocket idle = connect("/chat");
            FakeSocket raw = open("/echo");
            busy.say(call("Await", "drain"));
            awaitUntil(() -> Chat.waiting("drain"));

            var drained = server.drain(Duration.ofMinutes(1)).toCompletableFuture();

            awaitUntil(() -> idle.closeCode() == 1001 && raw.closeCode() == 1001);
            assertThat(idle.messages()).endsWith(COME_BACK, "close 1001");
            assertThat(busy.closeCode()).isZero();
            assertThat(post("/chat/negotiate").status()).isEqualTo(503);
            assertThat(get("/chat").upgrade()).satisfies(late -> {
                handle(late);
                awaitUntil(() -> late.status() == 503);
            });

            Chat.open("drain");
            awaitUntil(() -> busy.closeCode() == 1001);
            assertThat(String.join("", busy.messages()).replace("text ", ""))
                    .endsWith(result("drain") + COME_BACK.substring("text ".length()) + "close 1001");
            idle.close();
            busy.close();
            assertThat(drained).isNotDone();
            raw.close();
            awaitUntil(drained::isDone);
        }

        @Test
        void waitsForCallsNoLongerThanItMay() {
            FakeSocket busy = connect("/chat");
            busy.say(call("Await", "never"));
            awaitUntil(() -> Chat.waiting("never"));

            server.drain(Duration.ofSeconds(20));
            clock.advance(Duration.ofSeconds(19));
            assertThat(busy.closeCode()).isZero();
            clock.advance(Duration.ofSeconds(1));

            awaitUntil(() -> busy.closeCode() == 1001);
            assertThat(String.join("", busy.messages())).endsWith(COME_BACK.substring("text ".length()) + "close 1001");
            Chat.open("never");
        }

        @Test
        void isDoneWithNobodyThere() {
            assertThat(server.drain(Duration.ofSeconds(30))).succeedsWithin(Duration.ofSeconds(10));
            awaitUntil(() -> clock.scheduled() == 0);
        }
    }

    @Nested
    class Stopping {

        @Test
        void cutsThoseWhoDoNotGo() {
            FakeSocket mute = connect("/chat");
            FakeSocket raw = open("/echo");

            var stopped = server.stop().toCompletableFuture();
            awaitUntil(() -> raw.closeCode() == 1001);
            clock.advance(Duration.ofMillis(1));
            awaitUntil(() -> mute.closeCode() == 1001);
            assertThat(stopped).isNotDone();
            clock.advance(Duration.ofSeconds(5));

            awaitUntil(stopped::isDone);
            assertThat(mute.isTerminated()).isTrue();
            assertThat(raw.isTerminated()).isTrue();
        }

        @Test
        void waitsUntilHubsHaveSeenTheirClientsOff() {
            FakeSocket client = connect("/chat?farewell=1");
            var stopped = server.stop().toCompletableFuture();
            awaitUntil(() -> client.closeCode() == 1001);
            client.close();
            awaitUntil(() -> Chat.waiting("farewell"));
            assertThat(stopped).isNotDone();

            Chat.open("farewell");

            awaitUntil(stopped::isDone);
        }

        @Test
        void waitsForHubsNoLongerThanThat() {
            FakeSocket client = connect("/chat?farewell=2");
            var stopped = server.stop().toCompletableFuture();
            awaitUntil(() -> client.closeCode() == 1001);
            client.close();
            awaitUntil(() -> Chat.waiting("farewell 2"));

            clock.advance(Duration.ofSeconds(10));

            awaitUntil(stopped::isDone);
            Chat.open("farewell 2");
        }

        @Test
        void isDoneAtOnceWithNobodyThere() {
            server.close();

            assertThat(clock.scheduled()).isZero();
        }
    }

    @Nested
    class ABuilder {

        @Test
        void refusesTwoHubsOfOneName() {
            assertRefused(
                    HubServer.builder().hub("/a", Chat.class).hub("/b", Namesake.class),
                    Chat.class.getName() + " and " + Namesake.class.getName()
                            + " are both named Chat: give one a @HubName");
        }

        @Test
        void refusesAHubThatIsSetUpForNothing() {
            assertRefused(
                    HubServer.builder()
                            .configure(
                                    Chat.class,
                                    setup -> setup.options(HubOptions.builder().build())),
                    Chat.class.getName() + " is set up and mounted nowhere");
        }

        @Test
        void refusesPathsWithoutASlash() {
            assertThatThrownBy(() -> HubServer.builder().hub("chat", Chat.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("path: chat (expected: a leading slash)");
        }

        @Test
        void refusesToServeHubsWithoutAPayloadMapper() {
            assertThatThrownBy(() -> HubServer.builder()
                            .hub("/chat", Chat.class)
                            .scheduler(clock)
                            .build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("No payload mapper");
        }

        private void assertRefused(HubServerBuilder builder, String text) {
            assertThatThrownBy(() ->
                            builder.payload(new FakePayload()).scheduler(clock).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(text);
        }
    }

    private FakeExchange get(String target) {
        return new FakeExchange(loop, "GET", target);
    }

    private FakeExchange post(String target) {
        var exchange = new FakeExchange(loop, "POST", target);
        handle(exchange);
        awaitUntil(() -> exchange.status() > 0);
        return exchange;
    }

    private void handle(FakeExchange exchange) {
        assertThat(loop.call(() -> server.handle(exchange))).isTrue();
    }

    private FakeSocket open(String target) {
        var exchange = get(target).upgrade();
        handle(exchange);
        awaitUntil(exchange::isUpgraded);
        return exchange.socket();
    }

    private FakeSocket connect(String target) {
        FakeSocket client = open(target);
        client.say(HANDSHAKE);
        awaitUntil(() -> client.messages().contains("text {}\u001E"));
        return client;
    }

    private static void awaitUntil(BooleanSupplier condition) {
        await().pollInterval(1, TimeUnit.MILLISECONDS).until(condition::getAsBoolean);
    }

    private static String call(String method, String argument) {
        return "{\"type\":1,\"invocationId\":\"1\",\"target\":\"" + method + "\",\"arguments\":[\"" + argument
                + "\"]}\u001E";
    }

    private static String result(String text) {
        return "{\"type\":3,\"invocationId\":\"1\",\"result\":\"" + text + "\"}\u001E";
    }

    private static ConnectionHandler.Receiver echo(RawConnection connection) {
        return bytes -> {
            String text = UTF_8.decode(bytes).toString();
            if (text.equals("close")) {
                connection.close();
            } else {
                connection.send(ByteBuffer.wrap(text.getBytes(UTF_8)));
            }
        };
    }

    @SuppressWarnings("MethodName") // as clients of the reference call them
    public static final class Chat extends Hub implements AutoCloseable {

        private static final AtomicInteger CLOSED = new AtomicInteger();

        private static final Map<String, CompletableFuture<Void>> GATES = new ConcurrentHashMap<>();

        static boolean waiting(String gate) {
            return GATES.containsKey(gate);
        }

        static void open(String gate) {
            gate(gate).complete(null);
        }

        private static CompletableFuture<Void> gate(String gate) {
            return GATES.computeIfAbsent(gate, any -> new CompletableFuture<>());
        }

        public Chat() {}

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }

        public String Echo(String text) {
            return text;
        }

        public String Await(String gate) {
            gate(gate).join();
            return gate;
        }

        @Override
        public void onDisconnected(Departure departure) {
            context()
                    .request()
                    .query("farewell")
                    .ifPresent(which ->
                            gate(which.equals("1") ? "farewell" : "farewell 2").join());
        }
    }

    public static final class Stranger extends Hub {

        public Stranger() {}
    }

    @HubName("Chat")
    public static final class Namesake extends Hub {

        public Namesake() {}
    }
}
