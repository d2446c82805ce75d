package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.NonBlocking;
import io.hubwire.server.hub.TypedHub;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.spi.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions of a hub to its clients. */
@Timeout(20)
class ClientResultTest {

    private final HubScene scene = new HubScene(Asking.class);

    private static String question(String id, String target, String arguments) {
        return "{\"type\":1,\"invocationId\":\"" + id + "\",\"target\":\"" + target + "\",\"arguments\":[" + arguments
                + "]}";
    }

    private static String answer(String id, String json) {
        return "{\"type\":3,\"invocationId\":\"" + id + "\",\"result\":" + json + "};;";
    }

    private static String item(String json) {
        return "{\"type\":2,\"invocationId\":\"s\",\"item\":" + json + "};;";
    }

    private ClientProxy outside(FakePipe client) {
        return scene.fanOut().clients().client(client.id().value());
    }

    @Nested
    class AnAnswer {

        @ParameterizedTest
        @ValueSource(strings = {"AskCaller", "AskCallerLater", "AskCallerNow"})
        void isWhatTheMethodGets(String method) {
            FakePipe client = scene.client();
            client.sends(call(method, "\"name?\""));
            assertThat(client.awaitMessages(2)).last().isEqualTo(question("s1", "Ask", "\"name?\""));
            client.sends(answer("s1", "\"Ada\""));

            assertThat(client.awaitMessages(3)).last().isEqualTo(result("\"Ada\""));
        }

        @ParameterizedTest
        @ValueSource(strings = {"AskCaller", "AskCallerLater", "AskCallerNow"})
        void maybeBehindCallsThatThenBegin(String method) {
            FakePipe client = scene.client();
            client.sends(call("1", method, "\"name?\"") + call("2", "Add", "1,2") + call("3", "Add", "3,4"));

            assertThat(client.awaitMessages(4))
                    .contains(result("2", "3"))
                    .contains(result("3", "7"))
                    .contains(question("s1", "Ask", "\"name?\""));
            client.sends(answer("s1", "\"Ada\""));
            assertThat(client.awaitMessages(5)).last().isEqualTo(result("\"Ada\""));
        }

        @Test
        void ofAnotherClientIsTakenAsWell() {
            FakePipe ann = scene.client();
            FakePipe ben = scene.client();
            ann.sends(call("AskOther", "\"" + ben.id().value() + "\""));
            ben.awaitMessages(2);
            ben.sends(answer("s1", "\"Ben\""));

            assertThat(ann.awaitMessages(2)).last().isEqualTo(result("\"Ben\""));
        }

        @Test
        void byAClientThatWasNotAskedIsIgnored() {
            FakePipe ann = scene.client();
            FakePipe ben = scene.client();
            ann.sends(call("AskCaller", "\"name?\""));
            ann.awaitMessages(2);
            ben.sends(answer("s1", "\"Ben\"") + call("Add", "1,2"));
            assertThat(ben.awaitMessages(2)).last().isEqualTo(result("3"));
            ann.sends(answer("s1", "\"Ann\""));

            assertThat(ann.awaitMessages(3)).last().isEqualTo(result("\"Ann\""));
        }

        @Test
        void doesNotComeWhereAnUploadIsLeftUnreadAndTheHubGoesOnWhenItsTimeIsOver() {
            scene.options = HubOptions.builder().streamBufferCapacity(1).build();
            FakePipe client = scene.client();
            client.sends("{\"type\":1,\"invocationId\":\"1\",\"target\":\"AskBeforeReading\",\"arguments\":[],"
                    + "\"streamIds\":[\"s\"]};;" + item("1") + item("2"));
            assertThat(client.awaitMessages(2)).last().isEqualTo(question("s1", "Ask", "\"name?\""));
            client.sends(answer("s1", "\"too late\""));
            await().until(client::isPaused);

            scene.clock.advance(Duration.ofSeconds(5));

            assertThat(client.awaitMessages(3)).last().isEqualTo(result("\"nobody 12\""));
        }

        @Test
        void thatCameBeforeIsNotTakenAgain() {
            FakePipe client = scene.client();
            client.sends(call("AskCaller", "\"name?\""));
            client.awaitMessages(2);
            client.sends(answer("s1", "\"Ada\"") + answer("s1", "\"Bob\"") + answer("unheard", "1"));
            assertThat(client.awaitMessages(3)).last().isEqualTo(result("\"Ada\""));
            client.sends(call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(4)).last().isEqualTo(result("2", "3"));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                "error":"no idea" | HubException: no idea
                "result":"seven"  | HubException: Error trying to deserialize result to int.
                "result":null     | HubException: Error trying to deserialize result to int.
                "x":1             | HubException: The client completed the invocation without a result.
                """)
        void thatIsNoneFailsTheCall(String answer, String text) {
            FakePipe client = scene.client();
            client.sends(call("AskNumber", ""));
            client.awaitMessages(2);
            client.sends("{\"type\":3,\"invocationId\":\"s1\"," + answer + "};;");

            assertThat(client.awaitMessages(3))
                    .last()
                    .asString()
                    .startsWith("{\"type\":3,\"invocationId\":\"1\",\"error\":\"An unexpected error occurred invoking"
                            + " 'AskNumber' on the server. " + text);
        }
    }

    @Test
    void aQuestionThatAnotherNodeHasEncodedLeavesTheBufferThatItCameInAlone() {
        FakePipe client = scene.client();
        String asked = question("q", "Guess", "") + "\u001e";
        byte[] received = (asked + "and what came behind it, which is of no concern here").getBytes(UTF_8);
        byte[] before = received.clone();
        ByteBuffer encoded = ByteBuffer.wrap(received, 0, asked.length());
        scene.fanOut().answer(client.id(), "q", new Message.Encoded(Map.of("json", encoded)));
        scene.fanOut().answer(client.id(), "r", new Message.Encoded(Map.of("json", encoded.asReadOnlyBuffer())));
        outside(client).invoke(String.class, "Guess");

        assertThat(client.awaitMessages(4)).hasSize(4);
        assertThat(received).isEqualTo(before);
    }

    @Nested
    class NoAnswer {

        @Test
        void isToBeHadOfAClientThatIsNotThere() {
            CompletableFuture<String> answer =
                    scene.fanOut().clients().client("nobody").invoke(String.class, "Ask");

            assertThat(answer)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCause(new IOException("Connection 'nobody' does not exist."));
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void isWaitedForWhenTheClientLeaves(boolean politely) {
            FakePipe client = scene.client();
            CompletableFuture<String> answer = outside(client).invoke(String.class, "Ask");
            client.awaitMessages(2);
            if (politely) {
                client.sends("{\"type\":7};;");
            } else {
                client.vanishes();
            }

            assertThat(answer)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(IOException.class)
                    .withMessage("Connection '" + client.id() + "' disconnected.");
        }

        @Test
        void isWaitedForBeyondTheLimit() {
            FakePipe client = scene.client();
            CompletableFuture<String> answer =
                    outside(client).invoke(String.class, Duration.ofSeconds(5), "Ask", "name?");
            client.awaitMessages(2);
            scene.clock.advance(Duration.ofSeconds(4));
            assertThat(answer).isNotDone();
            scene.clock.advance(Duration.ofSeconds(2));

            assertThat(answer)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(HubException.class)
                    .withMessage("Invocation canceled by the server.");
            client.sends(answer("s1", "\"late\"") + call("Add", "1,2"));
            assertThat(client.awaitMessages(3)).last().isEqualTo(result("3"));
        }

        @Test
        void isWaitedForWhenNobodyWantsItAnyMore() {
            FakePipe client = scene.client();
            CompletableFuture<String> answer = outside(client).invoke(String.class, "Ask");
            client.awaitMessages(2);
            answer.cancel(true);
            client.sends(answer("s1", "\"late\"") + call("Add", "1,2"));

            assertThat(client.awaitMessages(3)).last().isEqualTo(result("3"));
        }

        @Test
        void isToBeHadWhileTheClientIsLetIn() {
            HubScene greeting = new HubScene(AskingAtTheDoor.class);
            FakePipe client = greeting.client();

            await().untilAsserted(() -> assertThat(client.messages())
                    .last()
                    .isEqualTo("{\"type\":7,\"error\":\"Connection closed with an error. HubException:"
                            + " Client results inside OnConnectedAsync Hub methods are not allowed.\"}"));
        }

        @Test
        void isToBeHadOfManyClients() {
            scene.client();

            assertThat(scene.fanOut().clients().all().invoke(String.class, "Ask"))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("InvokeAsync only works with Single clients.");
        }
    }

    @Test
    void aTypedClientIsAskedThroughItsInterface() {
        HubScene typed = new HubScene(TypedAsking.class);
        FakePipe client = typed.client();
        client.sends(call("Sum", ""));
        assertThat(client.awaitMessages(2)).last().isEqualTo(question("s1", "AskNumber", "\"first\""));
        client.sends(answer("s1", "1"));
        assertThat(client.awaitMessages(3)).last().isEqualTo(question("s2", "AskNumber", "\"second\""));
        client.sends(answer("s2", "2"));

        assertThat(client.awaitMessages(4)).last().isEqualTo(result("3"));
    }

    @SuppressWarnings("MethodName")
    public static final class Asking extends Hub {

        Asking() {}

        public String AskCaller(String question) throws Exception {
            return clients().caller().invoke(String.class, "Ask", question).get();
        }

        public CompletionStage<String> AskCallerLater(String question) {
            return clients().caller().invoke(String.class, "Ask", question);
        }

        @NonBlocking
        public CompletionStage<String> AskCallerNow(String question) {
            return clients().caller().invoke(String.class, "Ask", question);
        }

        public String AskBeforeReading(Iterator<Integer> upload) throws Exception {
            StringBuilder heard = new StringBuilder();
            try {
                heard.append(clients()
                        .caller()
                        .invoke(String.class, Duration.ofSeconds(5), "Ask", "name?")
                        .get());
            } catch (ExecutionException nothing) {
                heard.append("nobody ");
            }
            // The answer stands behind what was not read: what comes after that is of no interest here.
            return heard.append(upload.next()).append(upload.next()).toString();
        }

        public String AskOther(String id) throws Exception {
            return clients().client(id).invoke(String.class, "Ask", "other").get();
        }

        public int AskNumber() throws Exception {
            return clients().caller().invoke(int.class, "AskNumber").get();
        }

        public int Add(int a, int b) {
            return a + b;
        }
    }

    public static final class AskingAtTheDoor extends Hub {

        AskingAtTheDoor() {}

        @Override
        public void onConnected() throws Exception {
            try {
                clients().caller().invoke(String.class, "Ask").get();
            } catch (ExecutionException refused) {
                throw new HubException(String.valueOf(
                        Objects.requireNonNull(refused.getCause()).getMessage()));
            }
        }
    }

    /** What can be asked. */
    public interface Answering {

        @HubMethodName("AskNumber")
        CompletionStage<Integer> number(String which);
    }

    @SuppressWarnings("MethodName")
    public static final class TypedAsking extends TypedHub<Answering> {

        TypedAsking() {}

        public int Sum() throws Exception {
            int first = clients().caller().number("first").toCompletableFuture().get();
            return first
                    + clients().caller().number("second").toCompletableFuture().get();
        }
    }
}
