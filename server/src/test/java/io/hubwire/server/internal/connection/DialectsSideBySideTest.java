package io.hubwire.server.internal.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.Framing;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.json.JsonHubProtocol;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.NumberedDialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Recipients;
import io.hubwire.server.spi.ServerObserver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Clients of one hub that speak differently: JSON, and a dialect that numbers its messages, wraps them as
 * {@code {"C":"instance-number","M":[…]}} and repeats what a client that comes back has missed.
 */
class DialectsSideBySideTest {

    private final CountingJson json = new CountingJson();
    private final Dialect core = new CoreDialect(json);
    private final NumberedDialect numbered = new NumberedDialect(10);
    private final FanOut fanOut = fanOut();
    private final Client ada = new Client("ada", core, 0);
    private final Client bob = new Client("bob", numbered, 5);

    @Nested
    class ABroadcast {

        @Test
        void reachesEveryoneInItsOwnWords() {
            say("hello", 1);

            assertThat(ada.take()).isEqualTo("{\"type\":1,\"target\":\"hello\",\"arguments\":[1]}\u001E");
            assertThat(bob.takeMessages()).isEqualTo("{\"M\":\"hello\",\"A\":[1]}");
        }

        @Test
        void isWrittenOncePerDialect() {
            for (int i = 0; i < 1_000; i++) {
                new Client("c" + i, i % 2 == 0 ? core : numbered, i % 2 == 0 ? 0 : 5);
            }

            say("hello", 1);

            assertThat(json.written).hasValue(1);
            assertThat(numbered.encoded()).isEqualTo(1);
        }

        @Test
        void reachesAGroupOfBoth() {
            fanOut.add("ada", "room");
            fanOut.add("bob", "room");

            fanOut.clients().group("room").send("hello", 1);

            assertThat(ada.take()).contains("hello");
            assertThat(bob.take()).contains("hello");
        }
    }

    @Nested
    class AFrame {

        @Test
        void joinsWhatWaits() {
            say("one", 1);
            say("two", 2);

            assertThat(ada.take())
                    .isEqualTo("{\"type\":1,\"target\":\"one\",\"arguments\":[1]}\u001E"
                            + "{\"type\":1,\"target\":\"two\",\"arguments\":[2]}\u001E");
            assertThat(bob.takeMessages()).isEqualTo("{\"M\":\"one\",\"A\":[1]},{\"M\":\"two\",\"A\":[2]}");
        }

        @Test
        void tellsEachClientWhereItStands() {
            say("one", 1);
            bob.take();
            Client cay = new Client("cay", numbered, 5);
            say("two", 2);

            assertThat(bob.cursorAfter().number()).isEqualTo(2);
            assertThat(cay.cursorAfter().number()).isEqualTo(1);
            assertThat(bob.cursor.instance()).isNotEqualTo(cay.cursor.instance());
        }
    }

    @Nested
    class AClientThatComesBack {

        @Test
        void getsWhatItMissedAndWhatWaits() {
            say("one", 1);
            var cursor = bob.cursorAfter();
            say("two", 2);
            bob.take();
            say("three", 3);

            assertThat(bob.outbox.replayAfter(cursor.instance(), cursor.number()))
                    .isTrue();

            assertThat(bob.takeMessages()).isEqualTo("{\"M\":\"two\",\"A\":[2]},{\"M\":\"three\",\"A\":[3]}");
            assertThat(bob.cursor.number()).isEqualTo(3);
        }

        @Test
        void getsNothingOfWhatAnotherConnectionMissed() {
            say("one", 1);
            var cursor = bob.cursorAfter();
            Client again = new Client("again", numbered, 5);
            say("two", 2);
            again.take();

            assertThat(again.outbox.replayAfter(cursor.instance(), cursor.number()))
                    .isFalse();

            assertThat(again.outbox.take()).isNull();
        }

        @Test
        void getsNothingRepeatedAfterAGapThatIsTooLong() {
            say("one", 1);
            var cursor = bob.cursorAfter();
            for (int i = 2; i < 9; i++) {
                say("more", i);
                bob.take();
            }

            assertThat(bob.outbox.replayAfter(cursor.instance(), cursor.number()))
                    .isFalse();

            assertThat(bob.outbox.take()).isNull();
        }

        @Test
        void getsAgainWhatTheTransportCouldNotWrite() {
            say("one", 1);
            bob.takeButFail();
            say("two", 2);

            assertThat(bob.takeMessages()).isEqualTo("{\"M\":\"one\",\"A\":[1]},{\"M\":\"two\",\"A\":[2]}");
        }

        @Test
        void changesNothingForTheOthers() {
            say("one", 1);
            ada.take();
            var cursor = bob.cursorAfter();
            say("two", 2);
            ada.take();
            bob.take();

            bob.outbox.replayAfter(cursor.instance(), cursor.number());

            assertThat(ada.outbox.take()).isNull();
            assertThat(bob.takeMessages()).contains("two");
        }
    }

    @Nested
    class AnEncodedMessage {

        @Test
        void ofAnotherNodeIsNumberedHere() {
            var call = Message.Call.of("far", 7);
            fanOut.deliver(new Delivery(
                    "hub",
                    Recipients.Everyone.OF_THE_HUB,
                    new Message.Encoded(Map.of("json", core.encode(call), "numbered", numbered.encode(call)))));

            assertThat(ada.take()).isEqualTo("{\"type\":1,\"target\":\"far\",\"arguments\":[7]}\u001E");
            assertThat(bob.takeMessages()).isEqualTo("{\"M\":\"far\",\"A\":[7]}");
            assertThat(bob.cursor.number()).isEqualTo(1);
        }
    }

    private void say(String target, Object argument) {
        fanOut.clients().all().send(target, argument);
    }

    private static FanOut fanOut() {
        Backplane backplane = FanOut.localBackplane();
        var all = new ArrayList<FanOut>();
        backplane.join(new Backplane.Node() {
            @Override
            public CompletionStage<Void> deliver(Delivery delivery) {
                return all.getFirst().deliver(delivery);
            }

            @Override
            public boolean member(String hub, ConnectionId connection, String group, boolean joined) {
                return all.getFirst().member(connection, group, joined);
            }

            @Override
            public Optional<CompletionStage<Message>> ask(
                    String hub, ConnectionId connection, String invocationId, Message call) {
                return Optional.empty();
            }
        });
        all.add(new FanOut("hub", backplane, new FanOut.Setting(new FakeClock(), ServerObserver.NONE, List.of())));
        return all.getFirst();
    }

    /** One client and what it has got. */
    private final class Client implements Outbox.Listener {

        private final Outbox outbox;
        private NumberedDialect.Cursor cursor = new NumberedDialect.Cursor("", 0);

        Client(String id, Dialect dialect, int window) {
            outbox = new Outbox(dialect, new Outbox.Limits(1000, 10_000, 1000, window), this);
            fanOut.join(new ConnectionId(id), Optional.empty(), "WebSockets", outbox, () -> {});
        }

        String take() {
            String frame = taken();
            outbox.handedOver(true);
            return frame;
        }

        void takeButFail() {
            taken();
            outbox.handedOver(false);
        }

        private String taken() {
            ByteBuffer frame = outbox.take();
            return frame == null ? "" : UTF_8.decode(frame).toString();
        }

        String takeMessages() {
            String frame = take();
            cursor = NumberedDialect.cursor(frame);
            return NumberedDialect.messages(frame);
        }

        NumberedDialect.Cursor cursorAfter() {
            takeMessages();
            return cursor;
        }

        @Override
        public void ready() {}

        @Override
        public void overflowed(long bytes) {
            throw new AssertionError("overflowed");
        }
    }

    /** JSON that counts the calls it writes. */
    private static final class CountingJson implements HubProtocol {

        private final JsonHubProtocol json = new JsonHubProtocol(new FakePayload());
        private final AtomicInteger written = new AtomicInteger();

        @Override
        public String name() {
            return json.name();
        }

        @Override
        public boolean supports(int version) {
            return json.supports(version);
        }

        @Override
        public TransferFormat transferFormat() {
            return json.transferFormat();
        }

        @Override
        public Framing framing() {
            return json.framing();
        }

        @Override
        public HubMessage read(ByteBuffer frame, InvocationBinder binder) {
            return json.read(frame, binder);
        }

        @Override
        public ByteBuffer write(HubMessage message) {
            if (message instanceof HubMessage.Invocation) {
                written.incrementAndGet();
            }
            return json.write(message);
        }
    }
}
