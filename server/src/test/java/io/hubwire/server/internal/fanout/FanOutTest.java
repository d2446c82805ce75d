package io.hubwire.server.internal.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.PayloadException;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Recipients;
import io.hubwire.server.spi.ServerObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FanOutTest {

    private final Counting words = new Counting("words");
    private final Counting others = new Counting("others");
    private final Recording backplane = new Recording();
    private final FanOut fanOut =
            new FanOut("hub", backplane, new FanOut.Setting(new FakeClock(), ServerObserver.NONE, List.of()));

    @BeforeEach
    void joinTheBackplane() {
        backplane.fanOut = fanOut;
    }

    @Nested
    class Recipient {

        private final Client ada = client("ada", "a");
        private final Client bob = client("bob", "b");
        private final Client cay = client("cay", "b");

        @BeforeEach
        void joinGroups() {
            fanOut.add("ada", "room");
            fanOut.add("bob", "room");
            fanOut.add("bob", "hall");
        }

        @Test
        void isEveryone() {
            fanOut.clients().all().send("m");

            assertHeard("m", "m", "m");
        }

        @Test
        void isEveryoneButSome() {
            fanOut.clients().allExcept(List.of("ada", "cay", "unknown")).send("m");

            assertHeard("", "m", "");
        }

        @Test
        void isTheCaller() {
            fanOut.clients(bob.member, FanOut.Asking.FREELY).caller().send("m");

            assertHeard("", "m", "");
        }

        @Test
        void isEveryoneButTheCaller() {
            fanOut.clients(bob.member, FanOut.Asking.FREELY).others().send("m");

            assertHeard("m", "", "m");
        }

        @Test
        void isNobodyWhereNobodyCalls() {
            fanOut.clients().caller().send("m");

            assertHeard("", "", "");
        }

        @Test
        void isOneConnection() {
            fanOut.clients().client("cay").send("m");
            fanOut.clients().client("CAY").send("n");

            assertHeard("", "", "m");
        }

        @Test
        void isEachOfSomeConnectionsOnce() {
            fanOut.clients().clients(List.of("ada", "unknown", "cay", "ada")).send("m");

            assertHeard("m", "", "m");
        }

        @Test
        void isAGroup() {
            fanOut.clients().group("room").send("m");
            fanOut.clients().group("Room").send("n");
            fanOut.clients().group("empty").send("n");

            assertHeard("m", "m", "");
        }

        @Test
        void isAGroupButSome() {
            fanOut.clients().groupExcept("room", List.of("ada")).send("m");

            assertHeard("", "m", "");
        }

        @Test
        void isAGroupButTheCaller() {
            fanOut.clients(ada.member, FanOut.Asking.FREELY)
                    .othersInGroup("room")
                    .send("m");

            assertHeard("", "m", "");
        }

        @Test
        void isEachOfSomeGroups() {
            fanOut.clients().groups(List.of("room", "hall", "empty")).send("m");

            assertHeard("m", "m,m", "");
        }

        @Test
        void isAUser() {
            fanOut.clients().user("b").send("m");
            fanOut.clients().user("B").send("n");

            assertHeard("", "m", "m");
        }

        @Test
        void isEachOfSomeUsersOnce() {
            fanOut.clients().users(List.of("a", "b", "a", "unknown")).send("m");

            assertHeard("m", "m", "m");
        }

        @Test
        void isNoGroupWithoutAName() {
            var clients = fanOut.clients(ada.member, FanOut.Asking.FREELY);

            for (Runnable asking : List.<Runnable>of(
                    () -> clients.group(""),
                    () -> clients.groups(List.of("room", "")),
                    () -> clients.groupExcept("", List.of()),
                    () -> clients.othersInGroup(""),
                    () -> fanOut.add("ada", ""),
                    () -> fanOut.remove("ada", ""))) {
                assertThatThrownBy(asking::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("Cannot send to an empty group name.");
            }
        }

        private void assertHeard(String byAda, String byBob, String byCay) {
            assertThat(List.of(ada.heard(), bob.heard(), cay.heard())).containsExactly(byAda, byBob, byCay);
        }
    }

    @Nested
    class AGroup {

        private final Client ada = client("ada", "a");

        @Test
        void isJoinedOnceHoweverOften() {
            fanOut.add("ada", "room");
            fanOut.add("ada", "room");
            fanOut.clients().group("room").send("m");

            assertThat(ada.heard()).isEqualTo("m");
        }

        @Test
        void isLeft() {
            fanOut.add("ada", "room");
            fanOut.remove("ada", "room");
            fanOut.remove("ada", "room");
            fanOut.clients().group("room").send("m");

            assertThat(ada.heard()).isEmpty();
        }

        @Test
        void isLeftWithTheHub() {
            fanOut.add("ada", "room");
            fanOut.add("ada", "hall");

            fanOut.leave(ada.member);

            assertThat(backplane.interests).isEmpty();
            assertThat(fanOut.size()).isZero();
            fanOut.clients().groups(List.of("room", "hall")).send("m");
            fanOut.clients().user("a").send("m");
            fanOut.clients().all().send("m");
            assertThat(ada.heard()).isEmpty();
        }

        @Test
        void ofAConnectionThatIsNotHereIsTheBackplanesMatter() {
            fanOut.add("elsewhere", "room").toCompletableFuture().join();
            fanOut.remove("elsewhere", "room").toCompletableFuture().join();

            assertThat(backplane.asked).containsExactly("elsewhere room true", "elsewhere room false");
        }

        @Test
        void ofAConnectionThatHasLeftIsNotJoined() {
            fanOut.leave(ada.member);

            assertThat(fanOut.member(ada.member.id(), "room", true)).isFalse();
            assertThat(backplane.interests).isEmpty();
        }

        @Test
        void isLeftOnceOnly() {
            fanOut.leave(ada.member);
            fanOut.leave(ada.member);

            assertThat(backplane.news).filteredOn(news -> news.equals("- ada")).hasSize(1);
        }
    }

    @Nested
    class TheBackplane {

        @Test
        void keepsNobodyWhomItDoesNotHearOf() {
            backplane.deafTo = "user a";

            assertThatThrownBy(() -> client("ada", "a")).hasMessage("on purpose");

            assertThat(fanOut.size()).isZero();
            assertThat(backplane.interests).isEmpty();
        }

        @Test
        void keepsNobodyFromLeavingWhenItDoesNotListen() {
            Client ada = client("ada", "a");
            fanOut.add("ada", "room");
            fanOut.add("ada", "hall");
            backplane.deafTo = "group room";

            fanOut.leave(ada.member);

            assertThat(fanOut.size()).isZero();
            assertThat(fanOut.presence().users()).isEmpty();
            assertThat(fanOut.presence().groups()).isEmpty();
            assertThat(backplane.news).contains("- group hall", "- user a", "- ada");
        }

        @Test
        void hearsOfTheFirstAndTheLastOfAName() {
            Client ada = client("ada", "a");
            Client bob = client("bob", "a");
            fanOut.add("ada", "room");
            fanOut.add("bob", "room");
            fanOut.remove("ada", "room");
            fanOut.leave(bob.member);
            fanOut.leave(ada.member);

            assertThat(backplane.news)
                    .containsExactly(
                            "+ ada", "+ user a", "+ bob", "+ group room", "- group room", "- bob", "- user a", "- ada");
        }

        @Test
        void hearsTheTruthHoweverManyJoinAndLeave() throws InterruptedException {
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                int seed = t;
                threads.add(Thread.startVirtualThread(() -> {
                    var random = new Random(seed);
                    for (int i = 0; i < 300; i++) {
                        String id = seed + "-" + i;
                        Member member = fanOut.join(
                                new ConnectionId(id),
                                Optional.of("user " + random.nextInt(3)),
                                "WebSockets",
                                client(words),
                                () -> {});
                        fanOut.add(id, "group " + random.nextInt(3));
                        fanOut.add((seed + 1) % 4 + "-" + i, "group " + random.nextInt(3));
                        if (random.nextBoolean()) {
                            fanOut.remove(id, "group " + random.nextInt(3));
                        }
                        fanOut.leave(member);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(fanOut.size()).isZero();
            assertThat(backplane.interests).isEmpty();
        }

        @Test
        void isWhatFailsADelivery() {
            backplane.failing = new IOException("no network");

            assertThatThrownBy(() -> fanOut.clients()
                            .all()
                            .send("m")
                            .toCompletableFuture()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("no network");
        }
    }

    @Nested
    class AMessage {

        @Test
        void isWrittenOnceForEachDialectHoweverManyHearIt() {
            var clients = new ArrayList<Client>();
            for (int i = 0; i < 1_000; i++) {
                clients.add(new Client("c" + i, "u", i % 2 == 0 ? words : others));
            }

            fanOut.clients().all().send("m");

            assertThat(words.encoded).hasValue(1);
            assertThat(others.encoded).hasValue(1);
            assertThat(clients).allMatch(client -> client.heard().equals("m"));
        }

        @Test
        void isWrittenOnceForSeveralGroups() {
            client("ada", "a");
            client("bob", "b");
            fanOut.add("ada", "room");
            fanOut.add("bob", "hall");

            fanOut.clients().groups(List.of("room", "hall")).send("m");

            assertThat(words.encoded).hasValue(1);
        }

        @Test
        void isNotWrittenForNobody() {
            fanOut.clients().all().send("m");

            assertThat(words.encoded).hasValue(0);
        }

        @Test
        void thatAnotherNodeWroteIsForThoseWhoseDialectItSpeaks() {
            Client ada = client("ada", "a");
            Client bob = new Client("bob", "b", others);

            fanOut.deliver(new Delivery(
                    "hub", Recipients.Everyone.OF_THE_HUB, new Message.Encoded(Map.of("words", UTF_8.encode("m")))));

            assertThat(ada.heard()).isEqualTo("m");
            assertThat(bob.heard()).isEmpty();
        }

        @Test
        void thatCannotBeWrittenFails() {
            Client ada = client("ada", "a");

            for (RuntimeException why : List.of(new PayloadException("no"), new IllegalStateException("on purpose"))) {
                words.failing = why;
                var sent = fanOut.clients().all().send("m").toCompletableFuture();
                assertThat(sent).isCompletedExceptionally();
                assertThat(sent.exceptionNow()).isSameAs(why);
            }
            assertThat(ada.heard()).isEmpty();
        }

        @Test
        void toOneClientWaitsForRoomAndToManyForNobody() {
            Client ada = client("ada", "a");
            var clients = fanOut.clients();
            clients.all().send("x".repeat(60));
            assertThat(clients.all().send("m").toCompletableFuture()).isDone();
            assertThat(clients.clients(List.of("ada", "bob")).send("m").toCompletableFuture())
                    .isDone();
            var sent = clients.client("ada").send("m").toCompletableFuture();
            assertThat(sent).isNotDone();

            ada.heard();

            assertThat(sent.join()).isNull();
        }

        @Test
        void thatOverflowsOneOutboxReachesAllOthers() {
            var clients = new ArrayList<Client>();
            for (int i = 0; i < 10; i++) {
                clients.add(client("c" + i, "u"));
            }
            Client slow = clients.get(4);
            slow.onOverflow = () -> fanOut.leave(slow.member);
            fanOut.clients().client("c4").send("x".repeat(90));

            fanOut.clients().all().send("y".repeat(20));
            fanOut.clients().all().send("z");

            assertThat(slow.overflowed).isTrue();
            assertThat(fanOut.size()).isEqualTo(9);
            for (Client client : clients) {
                if (client != slow) {
                    assertThat(client.heard()).isEqualTo("y".repeat(20) + ",z");
                }
            }
        }
    }

    @Nested
    class OnItsOwn {

        @Test
        void aNodeHasNobodyElsewhere() {
            Backplane local = FanOut.localBackplane();

            assertThat(local.member("hub", new ConnectionId("x"), "room", true).toCompletableFuture())
                    .isCompletedWithValue(false);
            assertThat(local.ask("hub", new ConnectionId("x"), "1", Message.Call.of("m"))
                            .toCompletableFuture())
                    .isCompletedExceptionally();
        }
    }

    @Nested
    class ForSlowClients {

        private final List<List<@Nullable Object>> asked = new ArrayList<>();
        private final FanOut prices = new FanOut(
                "prices",
                FanOut.localBackplane(),
                new FanOut.Setting(
                        new FakeClock(),
                        ServerObserver.NONE,
                        List.of(),
                        SlowConsumerPolicy.disconnect(),
                        Map.of(
                                "price",
                                SlowConsumerPolicy.keepLatest(arguments -> {
                                    asked.add(arguments);
                                    return arguments.getFirst();
                                }),
                                "news",
                                SlowConsumerPolicy.dropOldest(),
                                "total",
                                SlowConsumerPolicy.keepLatest())));

        @Test
        void keepsTheNewestCallOfEachKeyAndAsksForTheKeyOnce() {
            List<Outbox> outboxes = List.of(slow("a"), slow("b"), slow("c"));
            send("Price", "X", 1);
            send("price", "Y", 2);
            send("PRICE", "X", 3);

            assertThat(outboxes).allSatisfy(outbox -> assertThat(frame(outbox)).isEqualTo("price,PRICE"));
            assertThat(asked).containsExactly(List.of("X", 1), List.of("Y", 2), List.of("X", 3));
        }

        @Test
        void keepsTheNewestCallOfAMethodWithoutKeys() {
            Outbox outbox = slow("a");
            send("total", 1);
            send("other", 1);
            send("total", 2);
            send("other", 2);

            assertThat(frame(outbox)).isEqualTo("other,total,other");
        }

        @Test
        void dropsTheOldestOfWhatMayBeDropped() {
            Outbox outbox = slow("a");
            IntStream.range(0, 10).forEach(i -> send("news"));
            IntStream.range(0, 12).forEach(i -> send("other"));
            send("last");

            assertThat(frame(outbox)).isEqualTo("news,".repeat(9) + "other,".repeat(12) + "last");
        }

        @Test
        void sendsNothingOfWhichTheKeyCannotBeFound() {
            FanOut broken = new FanOut(
                    "broken",
                    FanOut.localBackplane(),
                    new FanOut.Setting(
                            new FakeClock(),
                            ServerObserver.NONE,
                            List.of(),
                            SlowConsumerPolicy.keepLatest(arguments -> {
                                throw new IllegalStateException("on purpose");
                            }),
                            Map.of()));

            assertThat(broken.deliver(new Delivery("broken", new Recipients.Everyone(Set.of()), Message.Call.of("m")))
                            .toCompletableFuture())
                    .isCompletedExceptionally();
        }

        private Outbox slow(String id) {
            Outbox outbox = FanOutTest.client(words);
            prices.join(new ConnectionId(id), Optional.empty(), "WebSockets", outbox, () -> {});
            return outbox;
        }

        private void send(String method, Object... arguments) {
            prices.deliver(
                    new Delivery("prices", new Recipients.Everyone(Set.of()), Message.Call.of(method, arguments)));
        }

        private static String frame(Outbox outbox) {
            return UTF_8.decode(Objects.requireNonNull(outbox.take())).toString();
        }
    }

    private Client client(String id, String user) {
        return new Client(id, user, words);
    }

    private static Outbox client(Dialect dialect) {
        return new Outbox(dialect, new Outbox.Limits(50, 100, 1000, 0), new Outbox.Listener() {
            @Override
            public void ready() {}

            @Override
            public void overflowed(long bytes) {}
        });
    }

    private final class Client implements Outbox.Listener {

        private final Outbox outbox;
        private final Member member;
        private boolean overflowed;
        private Runnable onOverflow = () -> {};

        Client(String id, String user, Dialect dialect) {
            outbox = new Outbox(dialect, new Outbox.Limits(50, 100, 1000, 0), this);
            member = fanOut.join(new ConnectionId(id), Optional.of(user), "WebSockets", outbox, () -> {});
        }

        /** What has arrived since this was last asked. */
        String heard() {
            ByteBuffer frame = outbox.take();
            if (frame == null) {
                return "";
            }
            outbox.handedOver(true);
            return UTF_8.decode(frame).toString();
        }

        @Override
        public void ready() {}

        @Override
        public void overflowed(long bytes) {
            overflowed = true;
            onOverflow.run();
        }
    }

    /** Knows one node, and writes down what it is told. */
    private static final class Recording implements Backplane {

        private final List<String> news = new CopyOnWriteArrayList<>();
        private final Set<Subject> interests = ConcurrentHashMap.newKeySet();
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private @Nullable FanOut fanOut;
        private @Nullable Throwable failing;
        private String deafTo = "";

        @Override
        public void join(Node node) {}

        @Override
        public CompletionStage<Void> publish(Delivery delivery) {
            return failing == null
                    ? Objects.requireNonNull(fanOut).deliver(delivery)
                    : CompletableFuture.failedFuture(failing);
        }

        @Override
        public CompletionStage<Boolean> member(String hub, ConnectionId connection, String group, boolean joined) {
            asked.add(connection + " " + group + " " + joined);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Message> ask(String hub, ConnectionId connection, String invocationId, Message call) {
            return CompletableFuture.failedFuture(new IOException());
        }

        @Override
        public void interest(String hub, Subject subject, boolean present) {
            String name = switch (subject) {
                case Subject.Group group -> "group " + group.name();
                case Subject.User user -> "user " + user.id();
                case Subject.Connection connection -> connection.id().value();
            };
            if (name.equals(deafTo)) {
                throw new IllegalStateException("on purpose");
            }
            news.add((present ? "+ " : "- ") + name);
            boolean changed = present ? interests.add(subject) : interests.remove(subject);
            assertThat(changed).as("news of %s in order", name).isTrue();
        }

        @Override
        public void close() {}
    }

    /** Counts what it writes. */
    private static final class Counting implements Dialect {

        private final String name;
        private final AtomicInteger encoded = new AtomicInteger();
        private @Nullable RuntimeException failing;

        Counting(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public ByteBuffer encode(Message.Call call) {
            if (failing != null) {
                throw failing;
            }
            encoded.incrementAndGet();
            return UTF_8.encode(call.target());
        }

        @Override
        public ByteBuffer frame(Waiting waiting) {
            var frame = new ArrayList<String>();
            for (int i = 0; i < waiting.size(); i++) {
                frame.add(UTF_8.decode(waiting.next()).toString());
            }
            return UTF_8.encode(String.join(",", frame));
        }
    }
}
