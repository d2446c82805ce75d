package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.error;
import static io.hubwire.server.internal.dispatch.HubScene.message;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static io.hubwire.server.internal.dispatch.HubScene.send;
import static io.hubwire.server.internal.dispatch.HubScene.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakePayload.Explosive;
import io.hubwire.server.fixture.FakePayload.Json;
import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.NonBlocking;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One call of a hub method, from the message to the answer. */
@Timeout(20)
class CallTest {

    private final HubScene scene = new HubScene(Golden.class);

    @Nested
    class AResult {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                Add           | 2,3     | 5
                Nothing       |         | null
                NothingLater  |         | null
                NothingNow    |         | null
                ReturnNull    |         | null
                Echo          | "zü"    | "zü"
                EchoLater     | "later" | "later"
                EchoNow       | "now"   | "now"
                EchoAsFuture  | "f"     | "f"
                EchoBlocking  | "slept" | "slept"
                EchoAny       | {"a":1} | {"a":1}
                EchoNullable  | null    | null
                LengthOfAll   | [1,2,3] | 7
                """)
        void isWhatTheMethodReturnsNowOrLater(String method, @Nullable String arguments, String json) {
            FakePipe client = scene.client();
            client.sends(call(method, arguments == null ? "" : arguments));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result(json));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Add", "AddNow", "NoSuch"})
        void comesNoFasterThanItIsTaken(String method) {
            scene.transport = TransportOptions.builder()
                    .transportMaxBufferSize(1024)
                    .maximumOutboxSize(8 * 1024)
                    .applicationMaxBufferSize(1024)
                    .build();
            FakePipe client = scene.client();
            client.holdsWrites();
            for (int i = 0; i < 2_000; i++) {
                client.sends(call(method, "2,3"));
            }
            client.awaitUntil(client::isPaused);
            assertThat(client.isAborted()).isFalse();

            client.takesWrites();

            assertThat(client.awaitMessages(2_001)).hasSize(2_001);
        }

        @ParameterizedTest
        @ValueSource(strings = {"Add", "AddNow", "EchoLater"})
        void waitsForAcknowledgementsBeforeWhatIsUnacknowledgedCostsTheClientItsConnection(String method) {
            scene.options =
                    HubOptions.builder().statefulReconnectBufferSize(200).build();
            scene.transport = TransportOptions.builder()
                    .transportMaxBufferSize(500)
                    .maximumOutboxSize(2_000)
                    .build();
            FakePipe client = scene.client(new FakePipe().stateful(), HubScene.VERSION_2);
            for (int i = 0; i < 200; i++) {
                client.sends(call(method, method.startsWith("Add") ? "2,3" : "\"a\""));
            }
            for (int got = 1; got <= 200; ) {
                int before = got;
                client.awaitUntil(() -> client.messages().size() > before);
                got = client.messages().size();
                client.sends("{\"type\":8,\"sequenceId\":" + (got - 1) + "};;");
            }

            assertThat(client.awaitMessages(201))
                    .hasSize(201)
                    .allMatch(each -> each.startsWith("{}") || each.contains("result"));
        }

        @ParameterizedTest
        @CsvSource({"Echo, 300, 2500", "AddNow, 0, 15000"})
        void isNotHeldUpWhileAcknowledgementsStandBehindCallsThatAreNotRead(String method, int length, int calls) {
            FakePipe client = scene.client(new FakePipe().stateful(), HubScene.VERSION_2);
            String arguments = length == 0 ? "2,3" : "\"" + "x".repeat(length) + "\"";
            for (int i = 0; i < calls; i++) {
                client.sends(call(method, arguments));
            }

            assertThat(client.awaitMessages(calls + 1)).hasSize(calls + 1);
            assertThat(client.ending()).isEmpty();
        }

        @Test
        void isNotSentToAClientThatDoesNotWantIt() {
            FakePipe client = scene.client();
            client.sends(send("Add", "2,3") + send("Throw", "\"x\"") + send("NoSuch", "") + call("Add", "1,1"));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("2"));
        }

        @Test
        void standsBehindWhatTheMethodSentToTheCaller() {
            FakePipe client = scene.client();
            client.sends(call("SendCaller", "\"hi\""));

            assertThat(client.awaitMessages(3)).containsExactly("{}", message("Message", "\"hi\""), result("null"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Add", "add", "ADD", "aDD"})
        void comesWhateverTheCaseOfTheName(String name) {
            FakePipe client = scene.client();
            client.sends(call(name, "1,2"));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("3"));
        }

        @Test
        void comesByTheNameOfTheAnnotationAlone() {
            FakePipe client = scene.client();
            client.sends(call("renamed", "") + call("2", "Declared", ""));

            assertThat(client.awaitMessages(3))
                    .contains(result("\"renamed\""))
                    .contains(
                            "{\"type\":3,\"invocationId\":\"2\",\"error\":\"Failed to invoke 'Declared' due to an error"
                                    + " on the server. HubException: Method does not exist.\"}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"Unwritable", "UnwritableLater", "ExplosiveResult"})
        void thatCannotBeExpressedEndsTheConnection(String method) {
            FakePipe client = scene.client();
            client.sends(call(method, ""));

            assertThat(client.awaitMessages(2))
                    .containsExactly(
                            "{}",
                            "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}");
        }

        @Test
        void ofACallThatAbortsItsConnectionIsNotSent() {
            FakePipe client = scene.client();
            client.sends(call("Abort", ""));

            assertThat(client.awaitMessages(2)).containsExactly("{}", "{\"type\":7}");
        }
    }

    @Nested
    class AnError {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                Throw              | "boom"    | An unexpected error occurred invoking 'Throw' on the server.
                THROW              | "boom"    | An unexpected error occurred invoking 'Throw' on the server.
                ThrowError         | "boom"    | An unexpected error occurred invoking 'ThrowError' on the server.
                ThrowLater         | "boom"    | An unexpected error occurred invoking 'ThrowLater' on the server.
                ThrowNow           | "boom"    | An unexpected error occurred invoking 'ThrowNow' on the server.
                ThrowHub           | "for you" | An unexpected error occurred invoking 'ThrowHub' on the server. HubException: for you
                ThrowHubLater      | "for you" | An unexpected error occurred invoking 'ThrowHubLater' on the server. HubException: for you
                ThrowOwn           | "for you" | An unexpected error occurred invoking 'ThrowOwn' on the server. NameTaken: for you
                NoSuch             |           | Failed to invoke 'NoSuch' due to an error on the server. HubException: Method does not exist.
                nosuch             | "a",1     | Failed to invoke 'nosuch' due to an error on the server. HubException: Method does not exist.
                onConnected        |           | Failed to invoke 'onConnected' due to an error on the server. HubException: Method does not exist.
                toString           |           | Failed to invoke 'toString' due to an error on the server. HubException: Method does not exist.
                add                | 1         | Failed to invoke 'Add' due to an error on the server.
                Add                | 1,2,3     | Failed to invoke 'Add' due to an error on the server.
                Add                | 1,"2"     | Failed to invoke 'Add' due to an error on the server.
                Add                | 1,null    | Failed to invoke 'Add' due to an error on the server.
                Count              | 1         | The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.
                Sum                |           | An unexpected error occurred invoking 'Sum' on the server. HubException: Client sent 0 stream(s), Hub method expects 1.
                AdminOnly          |           | Failed to invoke 'AdminOnly' because user is unauthorized
                PolicyOnly         |           | Failed to invoke 'PolicyOnly' because user is unauthorized
                """)
        void isToldInTheseWords(String method, @Nullable String arguments, String text) {
            FakePipe client = scene.client();
            client.sends(call(method, arguments == null ? "" : arguments));

            assertThat(client.awaitMessages(2)).containsExactly("{}", error(text));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                Throw      | "boom" | An unexpected error occurred invoking 'Throw' on the server. IllegalStateException: boom
                ThrowError | "boom" | An unexpected error occurred invoking 'ThrowError' on the server. AssertionError: boom
                ThrowLater | "boom" | An unexpected error occurred invoking 'ThrowLater' on the server. IllegalStateException: boom
                ThrowHub   | "x"    | An unexpected error occurred invoking 'ThrowHub' on the server. HubException: x
                Add        | 1      | Failed to invoke 'Add' due to an error on the server. InvalidDataException: Invocation provides 1 argument(s) but target expects 2.
                Add        | 1,"2"  | Failed to invoke 'Add' due to an error on the server. InvalidDataException: Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.
                AdminOnly  |        | Failed to invoke 'AdminOnly' because user is unauthorized
                """)
        void isToldInDetailWhereThatIsAllowed(String method, @Nullable String arguments, String text) {
            scene.options = HubOptions.builder().enableDetailedErrors(true).build();
            FakePipe client = scene.client();
            client.sends(call(method, arguments == null ? "" : arguments));

            assertThat(client.awaitMessages(2)).containsExactly("{}", error(text));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                Add       | 1,2 | The client attempted to invoke the non-streaming 'Add' method with a streaming invocation.
                add       | 1   | Failed to invoke 'Add' due to an error on the server.
                NoSuch    |     | Failed to invoke 'NoSuch' due to an error on the server. HubException: Method does not exist.
                AdminOnly |     | Failed to invoke 'AdminOnly' because user is unauthorized
                """)
        void ofACallForAStreamIsToldInTheseWords(String method, @Nullable String arguments, String text) {
            FakePipe client = scene.client();
            client.sends(stream(method, arguments == null ? "" : arguments));

            assertThat(client.awaitMessages(2)).containsExactly("{}", error(text));
        }

        @Test
        void leavesTheConnectionAlone() {
            FakePipe client = scene.client();
            client.sends(send("ThrowError", "\"boom\"") + call("Add", "1,2"));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("3"));
            assertThat(client.ending()).isEmpty();
        }

        @Test
        void ofAStreamedArgumentTooManyIsToldBeforeTheMethodIsCalled() {
            FakePipe client = scene.client();
            client.sends("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Add\",\"arguments\":[1,2],"
                    + "\"streamIds\":[\"2\"]};;");

            assertThat(client.awaitMessages(2))
                    .containsExactly(
                            "{}",
                            error("An unexpected error occurred invoking 'Add' on the server."
                                    + " HubException: Client sent 1 stream(s), Hub method expects 0."));
        }

        @Test
        void isNotHiddenByAReleaseThatFails() {
            scene.activator = new Counting(true);
            FakePipe client = scene.client();
            client.sends(call("ThrowHub", "\"for you\"") + call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(3))
                    .containsExactly(
                            "{}",
                            error("An unexpected error occurred invoking 'ThrowHub' on the server."
                                    + " HubException: for you"),
                            result("2", "3"));
        }

        @Test
        void ofTheActivatorIsOneOfTheCall() {
            scene.activator = new HubActivator() {
                @Override
                public <H extends HubBase<?>> H create(Class<H> type) {
                    throw new HubException("no hubs today");
                }
            };
            FakePipe client = scene.client();
            client.sends(call("Add", "1,2"));

            assertThat(client.awaitMessages(2))
                    .containsExactly(
                            "{}",
                            error("An unexpected error occurred invoking 'Add' on the server."
                                    + " HubException: no hubs today"));
        }
    }

    @Nested
    class AnInstance {

        private final Counting activator = new Counting(false);

        AnInstance() {
            scene.activator = activator;
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                Add            | 1,2
                Nothing        |
                Throw          | "x"
                ThrowError     | "x"
                ThrowNow       | "x"
                ThrowLater     | "x"
                EchoLater      | "x"
                EchoNow        | "x"
                Unwritable     |
                ExplosiveResult|
                Abort          |
                """)
        void isReleasedExactlyOnceWhateverBecomesOfItsCall(String method, @Nullable String arguments) {
            FakePipe client = scene.client();
            client.sends(call(method, arguments == null ? "" : arguments));
            client.awaitMessages(2);

            client.awaitUntil(() -> activator.released.size() == 1);
            assertThat(activator.created).hasSize(1);
            assertThat(activator.released).containsExactlyElementsOf(activator.created);
        }

        @Test
        void servesOneCall() {
            FakePipe client = scene.client();
            client.sends(call("Add", "1,2") + call("2", "Add", "1,2"));
            client.awaitMessages(3);

            assertThat(activator.created).hasSize(2).doesNotHaveDuplicates();
        }

        @Test
        void isNotEvenMadeForACallThatMayNotBe() {
            FakePipe client = scene.client();
            client.sends(call("AdminOnly", "") + call("Count", "1") + call("Add", "1"));
            client.awaitMessages(4);

            assertThat(activator.created).isEmpty();
        }

        @Test
        void thatServedAnotherCallIsRefused() {
            var only = new Golden();
            scene.activator = new HubActivator() {
                @Override
                public <H extends HubBase<?>> H create(Class<H> type) {
                    return type.cast(only);
                }
            };
            FakePipe client = scene.client();
            client.sends(call("Add", "1,2") + call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(3))
                    .contains(
                            "{\"type\":3,\"invocationId\":\"2\",\"error\":\"An unexpected error occurred invoking 'Add'"
                                    + " on the server.\"}");
        }
    }

    @Nested
    class AUser {

        @Test
        void mayCallWhatIsForItsRole() {
            FakePipe client = scene.client(new FakePipe().as(new UserPrincipal("bob", Set.of("admin"))));
            client.sends(call("AdminOnly", ""));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("\"ok\""));
        }

        @Test
        void mayNotCallWhatIsForAnotherRole() {
            FakePipe client = scene.client(new FakePipe().as(new UserPrincipal("bob", Set.of("guest"))));
            client.sends(call("adminonly", ""));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", error("Failed to invoke 'AdminOnly' because user is unauthorized"));
        }

        @Test
        void isAllowedByAnAuthorizerThatTakesItsTime() {
            var decision = new CompletableFuture<Boolean>();
            var demands = new CopyOnWriteArrayList<String>();
            scene.authorizer = (user, demand) -> {
                demands.add(demand.hub() + " " + demand.method() + " " + demand.policy());
                return decision;
            };
            FakePipe client = scene.client(new FakePipe().as(new UserPrincipal("bob", Set.of())));
            client.sends(call("PolicyOnly", "") + call("2", "Add", "1,2"));
            client.awaitUntil(() -> !demands.isEmpty());
            assertThat(client.messages()).containsExactly("{}");

            decision.complete(true);

            assertThat(client.awaitMessages(3)).containsExactly("{}", result("\"ok\""), result("2", "3"));
            assertThat(demands).containsExactly("Golden Optional[PolicyOnly] Optional[trusted]");
        }

        @Test
        void learnsNothingOfAnAuthorizerThatFails() {
            scene.authorizer = (user, demand) -> CompletableFuture.failedFuture(new IllegalStateException("database"));
            FakePipe client = scene.client();
            client.sends(call("PolicyOnly", ""));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", error("An unexpected error occurred invoking 'PolicyOnly' on the server."));
        }

        @Test
        void isToldOfAWrongCountBeforeItIsToldThatItMayNot() {
            FakePipe client = scene.client();
            client.sends(call("AdminOnly", "1"));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", error("Failed to invoke 'AdminOnly' due to an error on the server."));
        }
    }

    @Nested
    class TheOrder {

        @Test
        void isThatOfTheCallsWithOneLane() {
            FakePipe client = scene.client();
            client.sends(call("1", "Await", "\"gate\"") + call("2", "Add", "1,2") + call("3", "Add", "3,4"));
            assertThat(client.messages()).containsExactly("{}");

            Golden.open(client, "gate");

            assertThat(client.awaitMessages(4))
                    .containsExactly("{}", result("1", "\"gate\""), result("2", "3"), result("3", "7"));
        }

        @Test
        void isThatInWhichTheyEndWithSeveralLanes() {
            scene.options =
                    HubOptions.builder().maximumParallelInvocationsPerClient(2).build();
            FakePipe client = scene.client();
            client.sends(call("1", "Await", "\"gate\"") + call("2", "Add", "1,2") + call("3", "Add", "3,4"));

            assertThat(client.awaitMessages(3)).containsExactly("{}", result("2", "3"), result("3", "7"));
            Golden.open(client, "gate");
            assertThat(client.awaitMessages(4)).endsWith(result("1", "\"gate\""));
        }

        @Test
        void letsCallsThatCannotBeMadeOvertakeThoseThatRun() {
            FakePipe client = scene.client();
            client.sends(call("1", "Await", "\"gate\""));
            client.sends(call("2", "NoSuch", ""));

            assertThat(client.awaitMessages(2))
                    .contains(
                            "{\"type\":3,\"invocationId\":\"2\",\"error\":\"Failed to invoke 'NoSuch' due to an error on"
                                    + " the server. HubException: Method does not exist.\"}");
            Golden.open(client, "gate");
        }

        @Test
        void letsCallsWithStreamsOvertakeThoseThatRun() {
            FakePipe client = scene.client();
            client.sends(call("1", "Await", "\"gate\""));
            client.sends(call("2", "Sum", ""));

            assertThat(client.awaitMessages(2)).element(1).asString().contains("Client sent 0 stream(s)");
            Golden.open(client, "gate");
        }

        @Test
        void isNotDisturbedByMessagesThatNobodyExpects() {
            FakePipe client = scene.client();
            client.sends(
                    "{\"type\":3,\"invocationId\":\"9\",\"result\":1};;{\"type\":2,\"invocationId\":\"9\",\"item\":1};;"
                            + "{\"type\":5,\"invocationId\":\"9\"};;{\"type\":8,\"sequenceId\":1};;{\"type\":9,\"sequenceId\":1};;"
                            + "{\"type\":99};;{\"type\":3,\"invocationId\":\"9\",\"error\":\"x\"};;"
                            + call("Add", "1,2"));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("3"));
        }
    }

    @Nested
    class ANonBlockingMethod {

        @Test
        void runsOnTheThreadThatReadItWhenNothingIsGoingOn() {
            FakePipe client = scene.client();
            client.sends(call("WhereNonBlocking", ""));

            assertThat(client.messages())
                    .containsExactly("{}", result("\"" + Thread.currentThread().getName() + "\""));
        }

        @Test
        void runsBehindTheOthersOnAVirtualThread() {
            FakePipe client = scene.client();
            client.sends(call("1", "Await", "\"gate\"") + call("2", "WhereNonBlocking", ""));
            assertThat(client.messages()).containsExactly("{}");

            Golden.open(client, "gate");

            assertThat(client.awaitMessages(3))
                    .containsExactly("{}", result("1", "\"gate\""), result("2", "\"virtual\""));
        }

        @Test
        void failsAsAnyOther() {
            FakePipe client = scene.client();
            client.sends(call("ThrowNonBlocking", "") + call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(3))
                    .containsExactly(
                            "{}",
                            error("An unexpected error occurred invoking 'ThrowNonBlocking' on the server."),
                            result("2", "3"));
        }

        @Test
        void runsOnAVirtualThreadWhenAnAuthorizerMustBeAsked() {
            scene.authorizer = (user, demand) -> CompletableFuture.completedFuture(true);
            FakePipe client = scene.client();
            client.sends(call("WhereAuthorized", ""));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("\"virtual\""));
        }
    }

    /** Makes hubs, and says which it made and got back. */
    private static final class Counting implements HubActivator {

        private final List<HubBase<?>> created = new CopyOnWriteArrayList<>();
        private final List<HubBase<?>> released = new CopyOnWriteArrayList<>();
        private final boolean failing;

        Counting(boolean failing) {
            this.failing = failing;
        }

        @Override
        public <H extends HubBase<?>> H create(Class<H> type) {
            var hub = new Golden();
            created.add(hub);
            return type.cast(hub);
        }

        @Override
        public void release(HubBase<?> hub) {
            released.add(hub);
            if (failing) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    private static final class NameTaken extends HubException {

        private static final long serialVersionUID = 1;

        NameTaken(String message) {
            super(message);
        }
    }

    /** Methods of every kind, named as clients of the reference know them. */
    @SuppressWarnings("MethodName")
    public static final class Golden extends Hub {

        private static final Map<String, CompletableFuture<Void>> GATES = new ConcurrentHashMap<>();

        Golden() {}

        static void open(FakePipe client, String gate) {
            gate(client.id() + gate).complete(null);
        }

        private static CompletableFuture<Void> gate(String name) {
            return GATES.computeIfAbsent(name, any -> new CompletableFuture<>());
        }

        private static <T> CompletionStage<T> later(@Nullable T value) {
            var later = new CompletableFuture<T>();
            Thread.startVirtualThread(() -> later.complete(value));
            return later;
        }

        public int Add(int a, int b) {
            return a + b;
        }

        public int LengthOfAll(Json... all) {
            return all[0].text().length();
        }

        @NonBlocking
        public int AddNow(int a, int b) {
            return a + b;
        }

        public void Nothing() {}

        public CompletionStage<Void> NothingLater() {
            return later(null);
        }

        public CompletionStage<Void> NothingNow() {
            return CompletableFuture.completedFuture(null);
        }

        public @Nullable String ReturnNull() {
            return null;
        }

        public String Echo(String text) {
            return text;
        }

        public CompletionStage<String> EchoLater(String text) {
            return later(text);
        }

        public CompletionStage<String> EchoNow(String text) {
            return CompletableFuture.completedStage(text);
        }

        public CompletableFuture<String> EchoAsFuture(String text) {
            return later(text).toCompletableFuture();
        }

        public String EchoBlocking(String text) {
            return later(text).toCompletableFuture().join();
        }

        public Json EchoAny(Json any) {
            return any;
        }

        public @Nullable Integer EchoNullable(@Nullable Integer number) {
            return number;
        }

        @HubMethodName("renamed")
        public String Declared() {
            return "renamed";
        }

        public double Unwritable() {
            return Double.NaN;
        }

        public CompletionStage<Double> UnwritableLater() {
            return later(Double.POSITIVE_INFINITY);
        }

        public Explosive ExplosiveResult() {
            return new Explosive();
        }

        public void Throw(String message) {
            throw new IllegalStateException(message);
        }

        public void ThrowError(String message) {
            throw new AssertionError(message);
        }

        public CompletionStage<String> ThrowLater(String message) {
            return later(message).thenApply(text -> {
                throw new IllegalStateException(text);
            });
        }

        public CompletionStage<String> ThrowNow(String message) {
            return CompletableFuture.failedFuture(new IllegalStateException(message));
        }

        public void ThrowHub(String message) {
            throw new HubException(message);
        }

        public CompletionStage<String> ThrowHubLater(String message) {
            return later(message).thenApply(text -> {
                throw new HubException(text);
            });
        }

        public void ThrowOwn(String message) {
            throw new NameTaken(message);
        }

        public void SendCaller(String text) {
            clients().caller().send("Message", text);
        }

        public void Abort() {
            context().abort();
        }

        public String Await(String gate) {
            gate(context().connectionId() + gate).join();
            return gate;
        }

        @Authorize(roles = "admin")
        public String AdminOnly() {
            return "ok";
        }

        @Authorize(policy = "trusted")
        public String PolicyOnly() {
            return "ok";
        }

        public Flow.Publisher<Integer> Count(int to) {
            throw new UnsupportedOperationException();
        }

        public int Sum(Flow.Publisher<Integer> numbers) {
            throw new UnsupportedOperationException(Objects.toString(numbers));
        }

        @NonBlocking
        public String WhereNonBlocking() {
            return Thread.currentThread().isVirtual()
                    ? "virtual"
                    : Thread.currentThread().getName();
        }

        @NonBlocking
        @Authorize
        public String WhereAuthorized() {
            return WhereNonBlocking();
        }

        @NonBlocking
        public void ThrowNonBlocking() {
            throw new IllegalStateException("on purpose");
        }
    }
}
