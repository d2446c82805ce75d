package io.hubwire.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.fixture.FakeSocket;
import io.hubwire.server.fixture.ThreadLoop;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubName;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.options.HubOptions;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

    private HubServer served(UnaryOperator<HubServerBuilder> configure) {
        return configure
                .apply(HubServer.builder()
                        .hub("/chat", Chat.class)
                        .payload(new FakePayload())
                        .scheduler(clock))
                .build();
    }

    private FakeSocket shake(HubServer with, String handshake) {
        return shake(with, "/chat", handshake);
    }

    private FakeSocket shake(HubServer with, String target, String handshake) {
        var exchange = get(target).upgrade();
        handle(with, exchange);
        awaitUntil(exchange::isUpgraded);
        exchange.socket().say(handshake);
        return exchange.socket();
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
        void hasRoomForSoManyWhoHaveNotConnected() {
            var small = served(builder -> builder.maximumPendingConnections(2));
            for (int i = 0; i < 3; i++) {
                var negotiate = new FakeExchange(loop, "POST", "/chat/negotiate?negotiateVersion=1");
                handle(small, negotiate);
                int expected = i < 2 ? 200 : 503;
                awaitUntil(() -> negotiate.status() == expected);
            }

            assertThat(small.pendingCount()).isEqualTo(2);
            assertThatThrownBy(() -> HubServer.builder().maximumPendingConnections(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maximumPendingConnections: 0 (expected: >= 1)");
        }

        @Test
        void sendsOneConnectionAwayForGood() {
            FakeSocket one = connect("/chat");
            FakeSocket other = connect("/chat");
            String id = server.context(Chat.class)
                    .presence()
                    .connections()
                    .getFirst()
                    .connectionId();

            server.context(Chat.class).abort(id);

            awaitUntil(() -> one.closeCode() == 1000 || other.closeCode() == 1000);
            FakeSocket gone = one.closeCode() == 1000 ? one : other;
            FakeSocket left = one.closeCode() == 1000 ? other : one;
            assertThat(gone.messages()).contains("text {\"type\":7}\u001E");
            left.say(call("Echo", "hi"));
            awaitUntil(() -> left.messages().contains("text " + result("hi")));
            assertThat(server.context(Chat.class).presence().connection(id)).isEmpty();
        }

        @Test
        void sendsAllConnectionsOfAUserAwayForGood() {
            var known = served(builder -> builder.authenticator(request -> CompletableFuture.completedFuture(
                    request.bearerToken().map(name -> new UserPrincipal(name, Set.of())))));
            FakeSocket phone = shake(known, "/chat?access_token=ann", HANDSHAKE);
            FakeSocket laptop = shake(known, "/chat?access_token=ann", HANDSHAKE);
            FakeSocket ben = shake(known, "/chat?access_token=ben", HANDSHAKE);
            awaitUntil(() -> known.connectionCount(Chat.class) == 3);

            known.context(Chat.class).abortUser("ann");

            awaitUntil(() -> phone.closeCode() == 1000 && laptop.closeCode() == 1000);
            ben.say(call("Echo", "hi"));
            awaitUntil(() -> ben.messages().contains("text " + result("hi")));
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
        void sendsClientsAwayOneAfterTheOther() {
            List<FakeSocket> clients =
                    IntStream.range(0, 4).mapToObj(i -> connect("/chat")).toList();
            server.drain(Duration.ofMinutes(1), Duration.ofSeconds(40));

            for (int gone = 1; gone <= 4; gone++) {
                int expected = gone;
                awaitUntil(() -> clients.stream()
                                .filter(client -> client.closeCode() == 1001)
                                .count()
                        == expected);
                clock.advance(Duration.ofSeconds(9));
                assertThat(clients.stream().filter(client -> client.closeCode() == 1001))
                        .hasSize(expected);
                clock.advance(Duration.ofSeconds(1));
            }
        }

        @Test
        void servesThoseWhoseTurnHasNotCome() {
            FakeSocket first = connect("/chat");
            FakeSocket second = connect("/chat");
            server.drain(Duration.ofMinutes(1), Duration.ofSeconds(40));
            awaitUntil(() -> first.closeCode() == 1001 || second.closeCode() == 1001);
            FakeSocket left = first.closeCode() == 1001 ? second : first;
            left.say(call("Await", "later"));
            awaitUntil(() -> Chat.waiting("later"));
            Chat.open("later");

            awaitUntil(() -> String.join("", left.messages()).contains(result("later")));
        }

        @Test
        void mayTakeForEver() {
            FakeSocket client = connect("/chat");

            server.drain(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE));

            awaitUntil(() -> client.closeCode() == 1001);
        }

        @Test
        void doesNotBeginWithATimeThatIsNone() {
            Duration none = Duration.ofSeconds(-5);

            assertThatThrownBy(() -> server.drain(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("limit: PT-5S (expected: not negative)");
            assertThatThrownBy(() -> server.drain(Duration.ZERO, none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("spread: PT-5S (expected: not negative)");
            FakeSocket client = connect("/chat");
            client.say(call("Echo", "hi"));
            awaitUntil(() -> client.messages().contains("text " + result("hi")));
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
    class Protocols {

        private static final String PACKED_HANDSHAKE = "{\"protocol\":\"MessagePack\",\"version\":1}\u001E";
        private static final String REFUSED = "text {\"error\":\"The protocol '%s' is not supported.\"}\u001E";

        @Test
        void areOneForEachMapper() {
            var client = shake(served(builder -> builder.payload(new PackedPayload())), PACKED_HANDSHAKE);
            awaitUntil(() -> client.messages().contains("binary {}\u001E"));

            client.say(HexFormat.of().parseHex("0e9501" + "80" + "a131" + "a44563686f" + "91" + "a26869"));

            awaitUntil(() -> client.messages().contains("binary \t\u0095\u0003\u0080\u00A11\u0003\u00A2hi"));
        }

        @Test
        void reachEveryoneInItsOwn() {
            var both = served(builder -> builder.payload(new PackedPayload()));
            var packed = shake(both, PACKED_HANDSHAKE);
            var json = shake(both, HANDSHAKE);
            awaitUntil(() -> both.connectionCount(Chat.class) == 2);

            both.context(Chat.class).clients().all().send("News");

            awaitUntil(() -> packed.messages().contains("binary \u000B\u0096\u0001\u0080\u00C0\u00A4News\u0090\u0090"));
            awaitUntil(() -> json.messages().contains("text {\"type\":1,\"target\":\"News\",\"arguments\":[]}\u001E"));
        }

        @Test
        void areJsonAloneWithoutAnotherMapper() {
            var client = shake(server, PACKED_HANDSHAKE);

            awaitUntil(() -> client.messages().contains(REFUSED.formatted("MessagePack")));
        }

        @Test
        void areThoseThatAreToBeSupported() {
            var one = served(builder -> builder.payload(new PackedPayload()).options(speaking("messagepack")));

            var packed = shake(one, PACKED_HANDSHAKE);
            var json = shake(one, HANDSHAKE);

            awaitUntil(() -> packed.messages().contains("binary {}\u001E"));
            awaitUntil(() -> json.messages().contains(REFUSED.formatted("json")));
        }

        @Test
        void mayDifferFromHubToHub() {
            var two = served(builder -> builder.hub("/stranger", Stranger.class)
                    .configure(Stranger.class, setup -> setup.payload(new PackedPayload())));

            var packed = shake(two, "/stranger", PACKED_HANDSHAKE);
            var refused = shake(two, PACKED_HANDSHAKE);

            awaitUntil(() -> packed.messages().contains("binary {}\u001E"));
            awaitUntil(() -> refused.messages().contains(REFUSED.formatted("MessagePack")));
        }

        @Test
        void needTheirMapper() {
            assertThatThrownBy(() -> served(builder -> builder.options(speaking("messagepack"))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("No payload mapper for messagepack: add hubwire-payload-jackson or call payload(…)");
        }

        @Test
        void haveNoMapperOfAnUnknownDialect() {
            assertThatThrownBy(() -> HubServer.builder().payload(new PackedPayload("xml")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "payload: " + PackedPayload.class.getName() + " of xml (expected: json or messagepack)");
        }

        @Test
        void areRefusedWhereATransportCannotCarryThem() {
            var both = served(builder -> builder.payload(new PackedPayload()));
            var negotiated = new FakeExchange(loop, "POST", "/chat/negotiate?negotiateVersion=1");
            handle(both, negotiated);
            awaitUntil(() -> negotiated.status() > 0);
            var token = negotiated.answer().replaceAll(".*\"connectionToken\":\"([^\"]+)\".*", "$1");
            var events = get("/chat?id=" + token).header("Accept", "text/event-stream");
            handle(both, events);
            awaitUntil(() -> events.status() == 200);

            handle(both, new FakeExchange(loop, "POST", "/chat?id=" + token).body(PACKED_HANDSHAKE));

            awaitUntil(() -> events.streamed()
                    .contains("Cannot use the 'MessagePack' protocol on the current transport. The transport does not"
                            + " support 'Binary' transfer format."));
        }

        private HubOptions speaking(String protocol) {
            return HubOptions.builder().supportedProtocols(Set.of(protocol)).build();
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
        handle(server, exchange);
    }

    private void handle(HubServer by, FakeExchange exchange) {
        assertThat(loop.call(() -> by.handle(exchange))).isTrue();
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

    /** Maps nothing, in another dialect. */
    private record PackedPayload(String dialect) implements PayloadMapper {

        PackedPayload() {
            this("messagepack");
        }

        @Override
        public Object read(ByteBuffer value, Type type) {
            throw new PayloadException("Cannot read " + type);
        }

        @Override
        public void write(@Nullable Object value, OutputStream out) {
            throw new PayloadException("Cannot write " + value);
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
