package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.error;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubStream;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ServerObserver;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams from a client to a hub. */
@Timeout(20)
class UploadTest {

    private static final String END = "{\"type\":3,\"invocationId\":\"s\"};;";

    private final HubScene scene = new HubScene(Uploading.class);

    @BeforeEach
    void nothingHasHappened() {
        Uploading.events.clear();
        Uploading.gate = new CountDownLatch(1);
    }

    private static String upload(String method, String arguments, String... streams) {
        return uploadBy("1", method, arguments, streams);
    }

    private static String uploadBy(String id, String method, String arguments, String... streams) {
        return "{\"type\":1,\"invocationId\":\"" + id + "\",\"target\":\"" + method + "\",\"arguments\":[" + arguments
                + "],\"streamIds\":["
                + Stream.of(streams).map(each -> "\"" + each + "\"").collect(Collectors.joining(",")) + "]};;";
    }

    private static String item(String stream, String json) {
        return "{\"type\":2,\"invocationId\":\"" + stream + "\",\"item\":" + json + "};;";
    }

    private static String item(String json) {
        return item("s", json);
    }

    @Nested
    class Elements {

        @ParameterizedTest
        @ValueSource(strings = {"SumIterator", "SumStream", "SumOurs", "SumPublisher"})
        void reachTheMethodInOrder(String method) {
            FakePipe client = scene.client();
            client.sends(upload(method, "\"=\"", "s") + item("1") + item("2"));
            client.sends(item("3") + END);

            assertThat(client.awaitMessages(2)).last().isEqualTo(result("\"=123\""));
        }

        @Test
        void ofSeveralStreamsAreKeptApart() {
            FakePipe client = scene.client();
            client.sends(upload("Zip", "", "a", "b") + item("b", "\"x\"") + item("a", "1") + item("b", "\"y\""));
            client.sends(item("a", "2") + END.replace("\"s\"", "\"a\"") + END.replace("\"s\"", "\"b\""));

            assertThat(client.awaitMessages(2)).last().isEqualTo(result("\"1x2y\""));
        }

        @Test
        void comeBackFromAMethodThatReturnsThem() {
            FakePipe client = scene.client();
            client.sends(
                    "{\"type\":4,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[],\"streamIds\":[\"s\"]};;"
                            + item("1") + item("2") + END);

            assertThat(client.awaitMessages(4))
                    .containsExactly(
                            "{}",
                            "{\"type\":2,\"invocationId\":\"1\",\"item\":1}",
                            "{\"type\":2,\"invocationId\":\"1\",\"item\":2}",
                            "{\"type\":3,\"invocationId\":\"1\"}");
        }

        @Test
        void ofUnknownAndEndedStreamsAreIgnored() {
            FakePipe client = scene.client();
            client.sends(item("nobody", "1") + END.replace("\"s\"", "\"nobody\""));
            client.sends(upload("SumIterator", "\"\"", "s") + item("1") + END);
            client.awaitMessages(2);
            client.sends(item("2") + END + call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(3)).containsExactly("{}", result("\"1\""), result("2", "3"));
        }

        @Test
        void areNoLongerWantedWhenTheMethodHasReturned() {
            FakePipe client = scene.client();
            client.sends(upload("First", "", "s") + item("1"));
            assertThat(client.awaitMessages(2)).last().isEqualTo(result("1"));
            for (int i = 0; i < 50; i++) {
                client.sends(item("2"));
            }
            client.sends(END + call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(3)).last().isEqualTo(result("2", "3"));
        }

        @Test
        void thatHaveNoRoomStopTheReadingUntilTheHubTakesThem() {
            scene.options = HubOptions.builder().streamBufferCapacity(2).build();
            FakePipe client = scene.client();
            client.sends(upload("SumLater", "", "s"));
            client.sends(item("1") + item("2") + item("3"));
            client.sends(call("2", "Add", "1,2"));
            await().until(() -> {
                client.settle();
                return client.isPaused();
            });
            assertThat(client.messages()).containsExactly("{}");

            Uploading.gate.countDown();

            assertThat(client.awaitMessages(2)).last().isEqualTo(result("2", "3"));
            client.sends(END);
            assertThat(client.awaitMessages(3)).last().isEqualTo(result("6"));
        }

        @Test
        void upToTheCapacityDoNotStopTheReading() {
            scene.options = HubOptions.builder().streamBufferCapacity(2).build();
            FakePipe client = scene.client();
            client.sends(upload("SumLater", "", "s") + item("1") + item("2") + call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(2)).last().isEqualTo(result("2", "3"));
            Uploading.gate.countDown();
        }

        @Test
        void thatASubscriberWantsNoMoreOfDoNotStopTheReading() {
            scene.options = HubOptions.builder().streamBufferCapacity(1).build();
            FakePipe client = scene.client();
            client.sends(upload("FirstOfTheFirst", "", "a", "b") + item("a", "1"));
            await().until(() -> Uploading.events.contains("cancelled"));
            client.sends(item("a", "2") + item("a", "3") + item("a", "4"));
            client.sends(item("b", "5") + item("b", "6") + END.replace("\"s\"", "\"b\""));

            assertThat(client.awaitMessages(2)).last().isEqualTo(result("\"56\""));
        }

        @Test
        void thatHaveNoRoomPauseTheClientTimeoutAndNotOurPings() {
            scene.options = HubOptions.builder().streamBufferCapacity(1).build();
            FakePipe client = scene.client();
            client.sends("{\"type\":6};;" + upload("SumLater", "", "s") + item("1") + item("2"));
            await().until(client::isPaused);
            for (int i = 0; i < 10; i++) {
                scene.clock.advance(Duration.ofSeconds(16));
                client.settle();
            }

            assertThat(client.ending()).isEmpty();
            assertThat(client.messages()).filteredOn("{\"type\":6}"::equals).hasSize(10);
            Uploading.gate.countDown();
        }
    }

    @Nested
    class TheEnd {

        @ParameterizedTest
        @ValueSource(strings = {"SumIterator", "SumStream", "SumOurs", "SumPublisher"})
        void byAnErrorOfTheClientIsThrown(String method) {
            FakePipe client = scene.client();
            client.sends(upload(method, "\"\"", "s") + item("1")
                    + "{\"type\":3,\"invocationId\":\"s\",\"error\":\"lost it\"};;");

            assertThat(client.awaitMessages(2))
                    .last()
                    .isEqualTo(error("An unexpected error occurred invoking '" + method
                            + "' on the server. HubException: lost it"));
        }

        @Test
        void byAnElementThatDoesNotFitIsThrown() {
            FakePipe client = scene.client();
            client.sends(upload("SumIterator", "\"\"", "s") + item("\"one\""));

            assertThat(client.awaitMessages(2))
                    .last()
                    .isEqualTo(error("An unexpected error occurred invoking 'SumIterator' on the server."
                            + " HubException: Failed to bind Stream message."));
        }

        @Test
        void byTheClientsDisappearanceIsThrown() {
            FakePipe client = scene.client();
            client.sends(upload("Noted", "", "s") + item("1"));
            await().until(() -> Uploading.events.contains("1"));
            client.vanishes();

            await().until(() -> Uploading.events.contains(
                    "java.util.concurrent.CancellationException: The underlying connection was closed."));
        }

        @Test
        void comesAlsoWhereNobodyReadsAFullStream() {
            scene.options = HubOptions.builder().streamBufferCapacity(1).build();
            FakePipe client = scene.client();
            client.sends(upload("SumLater", "", "s") + item("1") + item("2") + item("3"));
            await().until(client::isPaused);
            client.vanishes();

            await().until(() -> {
                client.settle();
                return scene.fanOut().size() == 0;
            });
            Uploading.gate.countDown();
        }
    }

    @Nested
    class ACall {

        @Test
        void thatBringsAStreamByAnIdInUseIsRefusedAndTheFirstGoesOn() {
            FakePipe client = scene.client();
            client.sends(upload("SumIterator", "\"\"", "s") + item("1"));
            client.sends(uploadBy("2", "SumIterator", "\"\"", "s"));
            assertThat(client.awaitMessages(2))
                    .last()
                    .asString()
                    .contains("\"invocationId\":\"2\"")
                    .contains("Stream ID 's' is already in use.");
            client.sends(item("2") + END);

            assertThat(client.awaitMessages(3)).last().isEqualTo(result("\"12\""));
        }

        @Test
        void thatBringsAStreamTwiceIsRefused() {
            FakePipe client = scene.client();
            client.sends(upload("Zip", "", "s", "s"));

            assertThat(client.awaitMessages(2)).last().isEqualTo(error("Stream ID 's' is already in use."));
        }

        @Test
        void thatBringsTooManyStreamsIsRefused() {
            scene.options = HubOptions.builder().maximumParallelUploads(2).build();
            FakePipe client = scene.client();
            client.sends(upload("Zip", "", "a", "b"));
            client.sends(uploadBy("2", "SumIterator", "\"\"", "c"));

            assertThat(client.awaitMessages(2))
                    .last()
                    .asString()
                    .contains("The maximum number of 2 parallel streams from one client was exceeded.");
        }

        @Test
        void thatHasNotEndedHoldsItsStreamsThoughTheClientHasEndedThem() {
            List<String> limits = new CopyOnWriteArrayList<>();
            scene.observer = new Limits(limits);
            scene.options = HubOptions.builder().maximumParallelUploads(2).build();
            FakePipe client = scene.client();
            client.sends(upload("SumLater", "", "s") + END + uploadBy("2", "SumLater", "", "s") + END);
            client.sends(uploadBy("3", "SumLater", "", "s"));

            assertThat(client.awaitMessages(2))
                    .last()
                    .asString()
                    .contains("The maximum number of 2 parallel streams from one client was exceeded.");
            assertThat(limits).containsExactly("uploads");
            Uploading.gate.countDown();
            client.awaitMessages(4);
            client.sends(uploadBy("4", "SumIterator", "\"\"", "s") + item("1") + END);
            assertThat(client.awaitMessages(5)).last().isEqualTo(result("4", "\"1\""));
        }

        @Test
        void thatReusesAnIdInUseHasGoneBeyondNoLimit() {
            List<String> limits = new CopyOnWriteArrayList<>();
            scene.observer = new Limits(limits);
            FakePipe client = scene.client();
            client.sends(upload("SumIterator", "\"\"", "s") + uploadBy("2", "SumIterator", "\"\"", "s"));
            client.awaitMessages(2);

            assertThat(limits).isEmpty();
        }

        @Test
        void thatIsRefusedLeavesNoStreamBehind() {
            scene.options = HubOptions.builder().maximumParallelUploads(1).build();
            FakePipe client = scene.client();
            client.sends(upload("AdminOnly", "", "s"));
            assertThat(client.awaitMessages(2))
                    .last()
                    .isEqualTo(error("Failed to invoke 'AdminOnly' because user is unauthorized"));
            client.sends(item("1") + upload("SumIterator", "\"\"", "s") + item("2") + END);

            assertThat(client.awaitMessages(3)).last().isEqualTo(result("\"2\""));
        }

        @Test
        void withTheWrongNumberOfStreamsIsRefused() {
            FakePipe client = scene.client();
            client.sends(upload("Zip", "", "s"));

            assertThat(client.awaitMessages(2))
                    .last()
                    .isEqualTo(error("An unexpected error occurred invoking 'Zip' on the server."
                            + " HubException: Client sent 1 stream(s), Hub method expects 2."));
        }

        @Test
        void withAStreamDoesNotHoldUpOthers() {
            FakePipe client = scene.client();
            client.sends(upload("SumIterator", "\"\"", "s") + call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(2)).last().isEqualTo(result("2", "3"));
        }
    }

    private record Limits(List<String> gone) implements ServerObserver {

        @Override
        public void limited(String hub, ConnectionId connection, String limit) {
            gone.add(limit);
        }
    }

    @SuppressWarnings("MethodName")
    public static final class Uploading extends Hub {

        static final List<String> events = new CopyOnWriteArrayList<>();
        static CountDownLatch gate = new CountDownLatch(1);

        Uploading() {}

        public String SumIterator(String prefix, Iterator<Integer> numbers) {
            StringBuilder all = new StringBuilder(prefix);
            numbers.forEachRemaining(all::append);
            return all.toString();
        }

        public String SumStream(String prefix, Stream<Integer> numbers) {
            return prefix + numbers.map(String::valueOf).collect(Collectors.joining());
        }

        public String SumOurs(String prefix, HubStream<Integer> numbers) {
            StringBuilder all = new StringBuilder(prefix);
            for (int number : numbers) {
                all.append(number);
            }
            return all.toString();
        }

        public String FirstOfTheFirst(Flow.Publisher<Integer> first, Iterator<Integer> second) {
            first.subscribe(new Flow.Subscriber<>() {

                private Flow.@Nullable Subscription all;

                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    all = subscription;
                    subscription.request(1);
                }

                @Override
                public void onNext(Integer item) {
                    Objects.requireNonNull(all).cancel();
                    events.add("cancelled");
                }

                @Override
                public void onError(Throwable failure) {
                    events.add(failure.toString());
                }

                @Override
                public void onComplete() {
                    events.add("completed");
                }
            });
            return SumIterator("", second);
        }

        public CompletionStage<String> SumPublisher(String prefix, Flow.Publisher<Integer> numbers) {
            CompletableFuture<String> sum = new CompletableFuture<>();
            StringBuilder all = new StringBuilder(prefix);
            numbers.subscribe(new Flow.Subscriber<>() {

                private Flow.Subscription subscription = new Flow.Subscription() {
                    @Override
                    public void request(long count) {}

                    @Override
                    public void cancel() {}
                };

                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    given.request(1);
                }

                @Override
                public void onNext(Integer number) {
                    all.append(number);
                    subscription.request(1);
                }

                @Override
                public void onError(Throwable failure) {
                    sum.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {
                    sum.complete(all.toString());
                }
            });
            return sum;
        }

        public int SumLater(Iterator<Integer> numbers) throws InterruptedException {
            gate.await();
            int sum = 0;
            while (numbers.hasNext()) {
                sum += numbers.next();
            }
            return sum;
        }

        public String Zip(Iterator<Integer> numbers, Iterator<String> words) {
            StringBuilder all = new StringBuilder();
            while (numbers.hasNext()) {
                all.append(numbers.next()).append(words.next());
            }
            return all.toString();
        }

        public int First(Iterator<Integer> numbers) {
            return numbers.next();
        }

        public HubStream<Integer> Echo(HubStream<Integer> numbers) {
            return numbers;
        }

        public void Noted(Iterator<Integer> numbers) {
            try {
                numbers.forEachRemaining(number -> events.add(String.valueOf(number)));
            } catch (RuntimeException ended) {
                events.add(ended.toString());
                throw ended;
            }
        }

        @Authorize(roles = "admin")
        public int AdminOnly(Iterator<Integer> numbers) {
            return numbers.next();
        }

        public int Add(int a, int b) {
            return a + b;
        }
    }
}
