package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.HANDSHAKE;
import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.message;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.ServerObserver;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of one client in its hub, and what hub code asks about it. */
@Timeout(20)
class CallerTest {

    private final HubScene scene = new HubScene(Lively.class);

    @Nested
    class Coming {

        @Test
        void isNoticedBeforeAnythingThatTheClientSendsIsRead() {
            FakePipe client = new FakePipe().at("/hub?gate=1");
            scene.client(client, HANDSHAKE + call("Events", ""));
            assertThat(client.messages()).containsExactly("{}");

            Lively.open(client, "gate");

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("\"connected\""));
        }

        @Test
        void mayBeGreeted() {
            FakePipe client = scene.client(new FakePipe().at("/hub?greet=1"));

            assertThat(client.awaitMessages(2)).containsExactly("{}", message("Welcome", "\"" + client.id() + "\""));
        }

        @Test
        void runsOnAVirtualThread() {
            FakePipe client = scene.client();
            client.sends(call("ConnectedOn", ""));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("\"virtual\""));
        }

        @Test
        void mayBeRefused() {
            FakePipe client = scene.client(new FakePipe().at("/hub?fail=1"));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", "{\"type\":7,\"error\":\"Connection closed with an error.\"}");
            assertThat(client.ending()).contains(Pipe.Ending.NORMAL);
            client.awaitUntil(() -> scene.fanOut().size() == 0);
            assertThat(Lively.events(client)).containsExactly("connected");
        }

        @Test
        void mayBeRefusedInWordsForTheClient() {
            FakePipe client = scene.client(new FakePipe().at("/hub?banned=1"));

            assertThat(client.awaitMessages(2))
                    .containsExactly(
                            "{}", "{\"type\":7,\"error\":\"Connection closed with an error. HubException: banned\"}");
        }

        @Test
        void mayEndInAnAbort() {
            FakePipe client = scene.client(new FakePipe().at("/hub?abort=1"));

            assertThat(client.awaitMessages(2)).containsExactly("{}", "{\"type\":7}");
            client.awaitUntil(() -> Lively.events(client).size() == 2);
            assertThat(Lively.events(client)).containsExactly("connected", "disconnected - false");
        }

        @Test
        void isHeardOfInBroadcastsBeforeTheHubHasLetTheClientIn() {
            FakePipe client = scene.client(new FakePipe().at("/hub?gate=1"));

            scene.fanOut().clients().all().send("News");

            assertThat(client.messages()).containsExactly("{}", message("News", ""));
            Lively.open(client, "gate");
        }

        @Test
        void ofAUserThatCannotBeIdentifiedIsRefused() {
            scene.userIds = user -> {
                throw new IllegalStateException("on purpose");
            };
            FakePipe client = scene.client(new FakePipe().as(new UserPrincipal("ada", Set.of())));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", "{\"type\":7,\"error\":\"Connection closed with an error.\"}");
            assertThat(scene.fanOut().size()).isZero();
        }

        @Test
        void needsNoThreadWhereTheHubDoesNotCare() {
            var quiet = new HubScene(Quiet.class);
            FakePipe client = quiet.client(new FakePipe(), HANDSHAKE + call("Events", ""));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("\"none\""));
        }
    }

    @Nested
    class Going {

        @Test
        void isNoticedOnceOfAClientThatSaidGoodbye() {
            FakePipe client = scene.client();
            client.sends("{\"type\":7};;");

            client.awaitUntil(() -> scene.fanOut().size() == 0);
            assertThat(Lively.events(client)).containsExactly("connected", "disconnected - true");
        }

        @Test
        void isNoticedOfAClientThatVanished() {
            FakePipe client = scene.client();
            client.awaitUntil(() -> !Lively.events(client).isEmpty());
            client.vanishes();

            client.awaitUntil(() -> scene.fanOut().size() == 0);
            assertThat(Lively.events(client)).containsExactly("connected", "disconnected - false");
        }

        @Test
        void hasItsReason() {
            FakePipe client = scene.client();
            client.sends("nonsense;;");

            client.awaitUntil(() -> scene.fanOut().size() == 0);
            assertThat(Lively.events(client)).containsExactly("connected", "disconnected ProtocolException false");
        }

        @Test
        void takesTheClientOutOfItsGroupsOnceTheHubHasSeenItOff() {
            FakePipe client = scene.client(new FakePipe().at("/hub?leaveGate=1"));
            client.sends(call("Join", "\"room\""));
            client.awaitMessages(2);
            client.vanishes();
            client.awaitUntil(() -> Lively.events(client).size() == 2);
            assertThat(scene.fanOut().size()).isEqualTo(1);

            Lively.open(client, "leaveGate");

            client.awaitUntil(() -> scene.fanOut().size() == 0);
        }

        @Test
        void takesTheClientOutOfTheHubWhateverTheHubThrows() {
            FakePipe client = scene.client(new FakePipe().at("/hub?leaveFails=1"));
            client.awaitUntil(() -> !Lively.events(client).isEmpty());
            client.vanishes();

            client.awaitUntil(() -> scene.fanOut().size() == 0);
        }

        @Test
        void isWaitedForWhenTheServerGoesAway() {
            FakePipe client = scene.client(new FakePipe().at("/hub?leaveGate=1"));
            client.awaitUntil(() -> !Lively.events(client).isEmpty());
            client.vanishes();
            client.awaitUntil(() -> Lively.events(client).size() == 2);
            var empty = scene.shared().whenEmpty().toCompletableFuture();
            assertThat(empty).isNotDone();

            Lively.open(client, "leaveGate");

            client.awaitUntil(empty::isDone);
        }

        @Test
        void leavesNobodyBehindWhereTheHubDoesNotCare() {
            var quiet = new HubScene(Quiet.class);
            FakePipe client = quiet.client();
            assertThat(quiet.fanOut().size()).isEqualTo(1);

            client.vanishes();

            assertThat(quiet.fanOut().size()).isZero();
            assertThat(quiet.shared().whenEmpty()).succeedsWithin(Duration.ofSeconds(10));
        }

        @Test
        void isToldToHubCodeThatWaitsForItOnAVirtualThread() {
            FakePipe client = scene.client();
            client.sends(call("Watch", ""));
            client.awaitMessages(2);

            client.vanishes();

            client.awaitUntil(() -> Lively.events(client).contains("aborted virtual"));
        }

        @Test
        void isToldToHubCodeThatBlocksMeanwhile() {
            FakePipe client = scene.client();
            client.sends(call("BlockUntilGone", ""));
            client.awaitUntil(() -> Lively.events(client).contains("blocks"));

            client.vanishes();

            client.awaitUntil(() -> Lively.events(client).contains("goes on"));
        }
    }

    @Nested
    class TheContext {

        @Test
        void knowsTheConnection() {
            FakePipe client = scene.client(new FakePipe().at("/hub?id=token&Name=Ada%20L"));
            client.sends(call("Who", ""));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", result("\"" + client.id() + " WebSockets Ada L - -\""));
        }

        @Test
        void knowsTheUser() {
            scene.userIds = user -> "id of " + user.getName();
            FakePipe client = scene.client(new FakePipe().as(new UserPrincipal("ada", Set.of())));
            client.sends(call("Who", ""));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", result("\"" + client.id() + " WebSockets - ada id of ada\""));
        }

        @Test
        void keepsItemsFromCallToCall() {
            FakePipe client = scene.client();
            client.sends(call("1", "Count", "") + call("2", "Count", "") + call("3", "Count", ""));

            assertThat(client.awaitMessages(4))
                    .containsExactly("{}", result("1", "1"), result("2", "2"), result("3", "3"));
        }

        @Test
        void keepsTheItemsOfEachClientApart() {
            FakePipe ada = scene.client();
            FakePipe bob = scene.client();
            ada.sends(call("Count", ""));
            bob.sends(call("Count", ""));

            assertThat(bob.awaitMessages(2)).containsExactly("{}", result("1"));
        }
    }

    @Nested
    class TheClients {

        private final FakePipe ada = scene.client(new FakePipe().as(new UserPrincipal("ada", Set.of())));
        private final FakePipe bob = scene.client(new FakePipe().as(new UserPrincipal("bob", Set.of())));

        @Test
        void areTheCallerAndTheOthers() {
            ada.sends(call("Tell", "\"caller\"") + call("Tell", "\"others\"") + call("Tell", "\"all\""));
            ada.awaitMessages(6);

            assertThat(ada.messages())
                    .containsExactly(
                            "{}",
                            message("To", "\"caller\""),
                            result("null"),
                            result("null"),
                            message("To", "\"all\""),
                            result("null"));
            assertThat(bob.messages()).containsExactly("{}", message("To", "\"others\""), message("To", "\"all\""));
        }

        @Test
        void areGroups() {
            ada.sends(call("Join", "\"room\""));
            ada.awaitMessages(2);
            bob.sends(call("Join", "\"room\""));
            bob.awaitMessages(2);
            ada.sends(call("Tell", "\"group\"")
                    + call("Tell", "\"othersInGroup\"")
                    + call("Leave", "\"room\"")
                    + call("Tell", "\"group\""));
            ada.awaitMessages(7);

            assertThat(ada.messages()).filteredOn(text -> text.contains("To")).hasSize(1);
            assertThat(bob.messages().subList(2, 5))
                    .containsExactly(
                            message("To", "\"group\""), message("To", "\"othersInGroup\""), message("To", "\"group\""));
        }

        @Test
        void areUsers() {
            ada.sends(call("Tell", "\"user\""));
            ada.awaitMessages(2);

            assertThat(bob.messages()).containsExactly("{}", message("To", "\"user\""));
        }
    }

    @Nested
    class AnObserver {

        private final Watching watching = new Watching();

        AnObserver() {
            scene.observer = watching;
        }

        @Test
        void seesAClientComeCallAndGo() {
            FakePipe client = scene.client();
            client.sends(call("Count", "") + call("NoSuch", "") + call("Fail", ""));
            client.awaitMessages(4);
            client.vanishes();

            client.awaitUntil(() -> watching.seen.size() == 5);
            assertThat(watching.seen)
                    .startsWith("connected WebSockets")
                    .contains("called Count -", "called unknown BindingException", "called Fail IllegalStateException")
                    .endsWith("disconnected NORMAL -");
        }

        @Test
        void seesEveryClientGoThatItSawCome() {
            FakePipe client = scene.client(new FakePipe().at("/hub?gate=1"));
            client.vanishes();
            Lively.open(client, "gate");
            client.awaitUntil(() -> scene.fanOut().size() == 0);
            scene.client(new FakePipe().at("/hub?fail=1")).awaitMessages(2);

            assertThat(watching.seen)
                    .containsExactly("connected WebSockets", "disconnected NORMAL -", "failed IllegalStateException");
        }

        @Test
        void seesFaultsAndDrops() {
            FakePipe faulty = scene.client();
            faulty.sends("nonsense;;");
            faulty.awaitUntil(() -> watching.seen.contains("failed ProtocolException"));
            FakePipe deaf = scene.client();
            deaf.awaitUntil(() -> !Lively.events(deaf).isEmpty());
            deaf.holdsWrites();
            scene.fanOut().clients().all().send("News");
            deaf.settle();
            deaf.stall();

            assertThat(watching.seen).endsWith("dropped 42");
        }

        @Test
        void seesWhetherAClientWasSilentOrTheServerWent() {
            FakePipe silent = scene.client();
            silent.sends("{\"type\":6};;" + call("1", "Count", ""));
            silent.awaitMessages(2);
            scene.clock.advance(Duration.ofMinutes(1));
            silent.awaitUntil(() -> watching.seen.contains("disconnected TIMEOUT CancellationException"));
            FakePipe client = scene.client();
            client.awaitUntil(() -> scene.fanOut().size() == 1);
            scene.shared().connections().forEach(HubConnection::goAway);

            client.awaitUntil(() -> watching.seen.contains("disconnected SHUTDOWN -"));
        }

        @Test
        void disturbsNobodyByWhatItThrows() {
            scene.observer = new ServerObserver() {
                @Override
                public void called(
                        String hub, ConnectionId connection, String method, Optional<Throwable> error, Duration time) {
                    throw new AssertionError("on purpose");
                }
            };
            FakePipe client = scene.client();
            client.sends(call("1", "Count", "") + call("2", "Count", ""));

            assertThat(client.awaitMessages(3)).containsExactly("{}", result("1", "1"), result("2", "2"));
        }
    }

    private static final class Watching implements ServerObserver {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void connected(String hub, ConnectionId connection, String transport) {
            seen.add("connected " + transport);
        }

        @Override
        public void disconnected(String hub, ConnectionId connection, String transport, End end, Duration lifetime) {
            seen.add("disconnected " + end.reason() + " " + name(end.error()));
        }

        @Override
        public void called(
                String hub, ConnectionId connection, String method, Optional<Throwable> error, Duration time) {
            seen.add("called " + method + " " + name(error));
        }

        @Override
        public void dropped(String hub, ConnectionId connection, long waiting) {
            seen.add("dropped " + waiting);
        }

        @Override
        public void failed(String hub, ConnectionId connection, Throwable error) {
            seen.add("failed " + error.getClass().getSimpleName());
        }

        private static String name(Optional<Throwable> error) {
            return error.map(why -> why.getClass().getSimpleName()).orElse("-");
        }
    }

    /** Looks at nobody's coming and going. */
    public static final class Quiet extends Hub {

        Quiet() {}

        public String Events() {
            return "none";
        }
    }

    /** Does as the query of its client says. */
    @SuppressWarnings("MethodName")
    public static final class Lively extends Hub {

        private static final Map<String, CompletableFuture<Void>> GATES = new ConcurrentHashMap<>();
        private static final Map<String, List<String>> EVENTS = new ConcurrentHashMap<>();

        Lively() {}

        static void open(FakePipe client, String gate) {
            gate(client.id() + gate).complete(null);
        }

        static List<String> events(FakePipe client) {
            return EVENTS.getOrDefault(client.id().value(), List.of());
        }

        private static CompletableFuture<Void> gate(String name) {
            return GATES.computeIfAbsent(name, any -> new CompletableFuture<>());
        }

        private boolean asked(String name) {
            return context().request().query(name).isPresent();
        }

        private void note(String event) {
            EVENTS.computeIfAbsent(context().connectionId(), any -> new CopyOnWriteArrayList<>())
                    .add(event);
        }

        @Override
        public void onConnected() {
            context().items().put("thread", Thread.currentThread().isVirtual() ? "virtual" : "engine");
            if (asked("greet")) {
                clients().caller().send("Welcome", context().connectionId());
            }
            if (asked("gate")) {
                gate(context().connectionId() + "gate").join();
            }
            note("connected");
            if (asked("fail")) {
                throw new IllegalStateException("not today");
            }
            if (asked("banned")) {
                throw new HubException("banned");
            }
            if (asked("abort")) {
                context().abort();
            }
        }

        @Override
        public void onDisconnected(Departure departure) {
            note("disconnected "
                    + departure
                            .error()
                            .map(why -> why.getClass().getSimpleName())
                            .orElse("-")
                    + " " + departure.stopCalled());
            if (asked("leaveGate")) {
                gate(context().connectionId() + "leaveGate").join();
            }
            if (asked("leaveFails")) {
                throw new IllegalStateException("on purpose");
            }
        }

        public String Events() {
            return String.join(",", EVENTS.getOrDefault(context().connectionId(), List.of()));
        }

        public Object ConnectedOn() {
            return context().items().getOrDefault("thread", "nowhere");
        }

        public String Who() {
            return context().connectionId() + " " + context().transport() + " "
                    + context().request().query("name").orElse("-") + " "
                    + context().user().map(Principal::getName).orElse("-") + " "
                    + context().userIdentifier().orElse("-");
        }

        public Object Count() {
            return context().items().merge("count", 1, (one, other) -> (Integer) one + (Integer) other);
        }

        public void Fail() {
            throw new IllegalStateException("on purpose");
        }

        public void Join(String group) {
            groups().add(context().connectionId(), group);
        }

        public void Leave(String group) {
            groups().remove(context().connectionId(), group);
        }

        public void Tell(String whom) {
            var chosen = switch (whom) {
                case "caller" -> clients().caller();
                case "others" -> clients().others();
                case "all" -> clients().all();
                case "group" -> clients().group("room");
                case "othersInGroup" -> clients().othersInGroup("room");
                default -> clients().user("bob");
            };
            chosen.send("To", whom);
        }

        public void Watch() {
            context()
                    .aborted()
                    .thenRun(() -> note("aborted " + (Thread.currentThread().isVirtual() ? "virtual" : "engine")));
        }

        public @Nullable String BlockUntilGone() {
            note("blocks");
            context().aborted().toCompletableFuture().join();
            note("goes on");
            return null;
        }
    }
}
