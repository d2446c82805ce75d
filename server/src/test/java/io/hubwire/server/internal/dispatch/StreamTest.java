package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.error;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static io.hubwire.server.internal.dispatch.HubScene.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Cancellable;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubStream;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ServerObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams from a hub to a client. */
@Timeout(20)
class StreamTest {

    private final HubScene scene = new HubScene(Streams.class);

    @BeforeEach
    void nothingHasHappened() {
        Streams.events.clear();
        Streams.produced.set(0);
    }

    private static String item(String json) {
        return "{\"type\":2,\"invocationId\":\"1\",\"item\":" + json + "}";
    }

    private static final String END = "{\"type\":3,\"invocationId\":\"1\"}";
    private static final String CANCEL = "{\"type\":5,\"invocationId\":\"1\"};;";

    @Nested
    class Items {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Published",
                    "Streamed",
                    "Ints",
                    "Iterated",
                    "Listed",
                    "Produced",
                    "Later",
                    "PublishedLater",
                    "PublishedElsewhere"
                })
        void comeInOrderAndThenTheEnd(String method) {
            FakePipe client = scene.client();
            client.sends(stream(method, "3"));

            assertThat(client.awaitMessages(5)).containsExactly("{}", item("0"), item("1"), item("2"), END);
        }

        @ParameterizedTest
        @ValueSource(strings = {"Published", "Streamed", "Iterated", "Produced"})
        void mayBeNoneAtAll(String method) {
            FakePipe client = scene.client();
            client.sends(stream(method, "0"));

            assertThat(client.awaitMessages(2)).containsExactly("{}", END);
        }

        @Test
        void mayBeNull() {
            FakePipe client = scene.client();
            client.sends(stream("Nulls", ""));

            assertThat(client.awaitMessages(3)).containsExactly("{}", item("null"), END);
        }

        @Test
        void doNotHoldUpCallsBehindThem() {
            FakePipe client = scene.client();
            client.sends(stream("Endless", ""));
            client.awaitMessages(2);
            client.sends(call("2", "Add", "1,2"));

            assertThat(client.awaitMessages(3)).containsExactly("{}", item("1"), result("2", "3"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Published", "Streamed", "Produced"})
        void areMadeNoFasterThanTheClientTakesThem(String method) {
            scene.transport = TransportOptions.builder()
                    .transportMaxBufferSize(1024)
                    .maximumOutboxSize(8 * 1024)
                    .build();
            FakePipe client = scene.client();
            client.holdsWrites();
            client.sends(stream(method, "5000"));
            await().until(() -> Streams.produced.get() > 20);
            assertThat(Streams.produced.get()).isLessThan(500);

            client.takesWrites();

            assertThat(client.awaitMessages(5_002)).last().isEqualTo(END);
        }
    }

    @Nested
    class AnError {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                Broken           | An error occurred on the server while streaming results.
                BrokenHub        | An error occurred on the server while streaming results. HubException: for you
                BrokenPublisher  | An error occurred on the server while streaming results. HubException: for you
                BrokenProducer   | An error occurred on the server while streaming results. HubException: for you
                """)
        void endsAStreamThatHasBegun(String method, String text) {
            FakePipe client = scene.client();
            client.sends(stream(method, ""));

            assertThat(client.awaitMessages(3)).containsExactly("{}", item("0"), error(text));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                Throws      | An unexpected error occurred invoking 'Throws' on the server.
                ThrowsLater | An unexpected error occurred invoking 'ThrowsLater' on the server. HubException: late
                None        | The value returned by the streaming method 'None' is not a ChannelReader<> or IAsyncEnumerable<>.
                AdminOnly   | Failed to invoke 'AdminOnly' because user is unauthorized
                """)
        void endsAStreamThatNeverBegan(String method, String text) {
            FakePipe client = scene.client();
            client.sends(stream(method, ""));

            assertThat(client.awaitMessages(2)).containsExactly("{}", error(text));
        }

        @Test
        void isToldInDetailWhereThatIsAllowed() {
            scene.options = HubOptions.builder().enableDetailedErrors(true).build();
            FakePipe client = scene.client();
            client.sends(stream("Broken", ""));

            assertThat(client.awaitMessages(3))
                    .last()
                    .isEqualTo(error("An error occurred on the server while streaming results."
                            + " IllegalStateException: hidden"));
        }

        @Test
        void refusesAnIdThatAnotherStreamHasAndLeavesThatAlone() {
            FakePipe client = scene.client();
            client.sends(stream("Endless", ""));
            client.awaitMessages(2);
            client.sends(stream("Streamed", "1"));
            assertThat(client.awaitMessages(3)).last().isEqualTo(error("Invocation ID '1' is already in use."));

            client.sends(CANCEL);

            assertThat(client.awaitMessages(4)).last().isEqualTo(END);
        }

        @Test
        void refusesMoreStreamsThanAreAllowed() {
            scene.options = HubOptions.builder().maximumParallelStreams(1).build();
            FakePipe client = scene.client();
            client.sends(stream("Endless", ""));
            client.awaitMessages(2);
            client.sends(stream("Streamed", "1").replace("\"1\",\"target", "\"2\",\"target"));

            assertThat(client.awaitMessages(3))
                    .last()
                    .asString()
                    .contains("The maximum number of 1 parallel streams to one client was exceeded.");
        }
    }

    @Nested
    class Cancelling {

        @ParameterizedTest
        @ValueSource(strings = {"Endless", "EndlessProducer", "EndlessIterator"})
        void endsAStreamWithoutAnError(String method) {
            FakePipe client = scene.client();
            client.sends(stream(method, ""));
            client.awaitMessages(2);
            client.sends(CANCEL);

            assertThat(client.awaitMessages(3)).containsExactly("{}", item("1"), END);
            assertThat(Streams.events).contains("cancelled " + method);
        }

        @Test
        void directlyBehindTheCallIsHeard() {
            FakePipe client = scene.client();
            client.sends(stream("EndlessProducer", "") + CANCEL);

            client.awaitUntil(() -> client.messages().contains(END));
        }

        @Test
        void ofNothingIsIgnored() {
            FakePipe client = scene.client();
            client.sends(CANCEL + call("2", "Add", "1,2"));
            assertThat(client.awaitMessages(2)).containsExactly("{}", result("2", "3"));
            client.sends(CANCEL.replace("1", "2") + call("3", "Add", "1,2"));

            assertThat(client.awaitMessages(3)).last().isEqualTo(result("3", "3"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Endless", "EndlessProducer", "EndlessIterator"})
        void happensWhenTheClientVanishes(String method) {
            FakePipe client = scene.client();
            client.sends(stream(method, ""));
            client.awaitMessages(2);
            client.vanishes();

            await().untilAsserted(() -> assertThat(Streams.events).contains("cancelled " + method));
        }

        @Test
        void happensWhenTheHubAborts() {
            FakePipe client = scene.client();
            client.sends(stream("EndlessProducer", ""));
            client.awaitMessages(2);
            client.sends(call("2", "Leave", ""));

            await().untilAsserted(() -> assertThat(Streams.events).contains("cancelled EndlessProducer"));
        }

        @Test
        void interruptsAPlainCallThatRuns() {
            FakePipe client = scene.client();
            client.sends(call("1", "Sleep", ""));
            await().until(() -> Streams.events.contains("sleeps"));
            client.sends(CANCEL);

            assertThat(client.awaitMessages(2))
                    .last()
                    .isEqualTo(error("An unexpected error occurred invoking 'Sleep' on the server."));
            client.sends(call("2", "Add", "1,2"));
            assertThat(client.awaitMessages(3)).last().isEqualTo(result("2", "3"));
        }

        @Test
        void leavesAPlainCallAloneThatDoesNotKnowOfIt() {
            FakePipe client = scene.client();
            client.sends(call("1", "WaitForGate", ""));
            await().until(() -> Streams.events.contains("waits"));
            client.sends(CANCEL);
            Streams.gate.countDown();

            assertThat(client.awaitMessages(2)).last().isEqualTo(result("null"));
        }

        @Test
        void givesUpThePromiseOfAPlainCall() {
            FakePipe client = scene.client();
            client.sends(call("1", "Promise", ""));
            await().until(() -> Streams.events.contains("promised"));
            client.sends(CANCEL);

            assertThat(client.awaitMessages(2)).last().asString().contains("An unexpected error occurred");
            assertThat(Streams.promise).isCancelled();
        }

        @Test
        void ofACallThatWaitsKeepsItFromBeginning() {
            FakePipe client = scene.client();
            client.sends(call("1", "Sleep", ""));
            client.sends(call("2", "Count", ""));
            await().until(() -> Streams.events.contains("sleeps"));
            client.sends(CANCEL.replace("1", "2") + CANCEL);

            assertThat(client.awaitMessages(3))
                    .last()
                    .asString()
                    .contains("\"invocationId\":\"2\"")
                    .contains("error");
            assertThat(Streams.events).doesNotContain("counted");
        }
    }

    @Test
    void theIdIsFreeWhenTheClientHearsOfTheEnd() {
        CountDownLatch heard = new CountDownLatch(1);
        scene.observer = new ServerObserver() {
            @Override
            public void called(
                    String hub, ConnectionId connection, String method, Optional<Throwable> error, Duration time) {
                if (method.equals("Ints")) {
                    await().until(() -> heard.getCount() == 0);
                }
            }
        };
        FakePipe client = scene.client();
        client.sends(stream("Ints", "0"));
        client.awaitMessages(2);
        client.sends(stream("Streamed", "1"));

        assertThat(client.awaitMessages(4)).containsExactly("{}", END, item("0"), END);
        heard.countDown();
    }

    @Test
    void aStreamThatComesWhenNobodyWantsItAnyMoreIsClosed() {
        FakePipe client = scene.client();
        client.sends(stream("PromisedStream", ""));
        await().until(() -> Streams.events.contains("promises a stream"));
        client.sends(CANCEL);
        client.awaitMessages(2);

        Streams.promisedStream.complete(Stream.of(1).onClose(() -> Streams.events.add("closed")));

        assertThat(Streams.events).contains("closed");
    }

    @Test
    void theActivatorIsNotInterruptedByWhatWasCancelled() {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        whenReleased(() -> interrupted.add(Thread.currentThread().isInterrupted()));
        FakePipe client = scene.client();
        client.sends(call("1", "Stubborn", ""));
        await().until(() -> Streams.events.contains("is stubborn"));
        client.sends(CANCEL);
        client.awaitMessages(2);

        assertThat(interrupted).containsExactly(false);
    }

    @Test
    void theHubLivesUntilTheStreamHasEnded() {
        List<String> released = new ArrayList<>();
        whenReleased(() -> released.add("released after " + Streams.produced.get()));
        FakePipe client = scene.client();
        client.sends(stream("Produced", "3"));
        client.awaitMessages(5);

        assertThat(released).containsExactly("released after 3");
    }

    private void whenReleased(Runnable then) {
        HubActivator makes = scene.activator;
        scene.activator = new HubActivator() {
            @Override
            public <H extends HubBase<?>> H create(Class<H> type) throws Exception {
                return makes.create(type);
            }

            @Override
            public void release(HubBase<?> hub) {
                then.run();
            }
        };
    }

    @Test
    void drainingWaitsForStreams() {
        FakePipe client = scene.client();
        client.sends(stream("Endless", ""));
        client.awaitMessages(2);
        CompletableFuture<Void> down =
                scene.shared().connections().iterator().next().windDown().toCompletableFuture();
        assertThat(down).isNotDone();

        client.sends(CANCEL);

        await().until(down::isDone);
    }

    @SuppressWarnings("MethodName")
    public static final class Streams extends Hub {

        static final List<String> events = new CopyOnWriteArrayList<>();
        static final CountDownLatch gate = new CountDownLatch(1);
        static final AtomicInteger produced = new AtomicInteger();
        static final CompletableFuture<String> promise = new CompletableFuture<>();
        static final CompletableFuture<Stream<Integer>> promisedStream = new CompletableFuture<>();

        Streams() {}

        private static int made(int number) {
            produced.incrementAndGet();
            return number;
        }

        public Flow.Publisher<Integer> Published(int count) {
            return subscriber -> subscriber.onSubscribe(new Counting(subscriber, count, Runnable::run));
        }

        public Flow.Publisher<Integer> PublishedElsewhere(int count) {
            ExecutorService other = Executors.newSingleThreadExecutor();
            return subscriber -> subscriber.onSubscribe(new Counting(subscriber, count, other));
        }

        public Stream<Integer> Streamed(int count) {
            return IntStream.range(0, count).mapToObj(Streams::made);
        }

        public IntStream Ints(int count) {
            return IntStream.range(0, count);
        }

        public Iterator<Integer> Iterated(int count) {
            return Streamed(count).iterator();
        }

        public Iterable<Integer> Listed(int count) {
            return Streamed(count).toList();
        }

        public HubStream<Integer> Produced(int count) {
            return HubStream.of(out -> {
                for (int i = 0; i < count; i++) {
                    out.send(made(i));
                }
            });
        }

        public CompletionStage<Stream<Integer>> Later(int count) {
            return CompletableFuture.supplyAsync(() -> Streamed(count));
        }

        public CompletionStage<Flow.Publisher<Integer>> PublishedLater(int count) {
            return CompletableFuture.supplyAsync(() -> Published(count));
        }

        public CompletionStage<Stream<Integer>> PromisedStream() {
            events.add("promises a stream");
            return promisedStream;
        }

        @Cancellable
        public int Stubborn() {
            events.add("is stubborn");
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            return 1;
        }

        public HubStream<@Nullable String> Nulls() {
            Stream<@Nullable String> nothing = Stream.of((String) null);
            return HubStream.of(out -> nothing.forEach(out::send));
        }

        public Flow.Publisher<Integer> Endless() {
            SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
            return subscriber -> {
                publisher.subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscriber.onSubscribe(new Flow.Subscription() {
                            @Override
                            public void request(long count) {
                                subscription.request(count);
                            }

                            @Override
                            public void cancel() {
                                events.add("cancelled Endless");
                                subscription.cancel();
                            }
                        });
                    }

                    @Override
                    public void onNext(Integer item) {
                        subscriber.onNext(item);
                    }

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onComplete() {}
                });
                publisher.submit(1);
            };
        }

        public HubStream<Integer> EndlessProducer() {
            return HubStream.of(out -> {
                out.send(1);
                try {
                    new CountDownLatch(1).await();
                } finally {
                    events.add("cancelled EndlessProducer");
                }
            });
        }

        public Iterator<Integer> EndlessIterator() {
            return new Waiting();
        }

        public Stream<Integer> Broken() {
            return IntStream.range(0, 2).mapToObj(number -> {
                if (number > 0) {
                    throw new IllegalStateException("hidden");
                }
                return number;
            });
        }

        public Stream<Integer> BrokenHub() {
            return IntStream.range(0, 2).mapToObj(number -> {
                if (number > 0) {
                    throw new HubException("for you");
                }
                return number;
            });
        }

        public HubStream<Integer> BrokenProducer() {
            return HubStream.of(out -> {
                out.send(0);
                throw new HubException("for you");
            });
        }

        public Flow.Publisher<Integer> BrokenPublisher() {
            return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long count) {
                    subscriber.onNext(0);
                    subscriber.onError(new HubException("for you"));
                }

                @Override
                public void cancel() {}
            });
        }

        public Stream<Integer> Throws() {
            throw new IllegalStateException("hidden");
        }

        public CompletionStage<Stream<Integer>> ThrowsLater() {
            return CompletableFuture.failedFuture(new HubException("late"));
        }

        public @Nullable Stream<Integer> None() {
            return null;
        }

        @Authorize(roles = "admin")
        public Stream<Integer> AdminOnly() {
            return Stream.of();
        }

        public void WaitForGate() throws InterruptedException {
            events.add("waits");
            gate.await();
        }

        public int Add(int a, int b) {
            return a + b;
        }

        public void Leave() {
            context().abort();
        }

        @Cancellable
        public void Sleep() throws InterruptedException {
            events.add("sleeps");
            new CountDownLatch(1).await();
        }

        @Cancellable
        public CompletionStage<String> Promise() {
            events.add("promised");
            return promise;
        }

        @Cancellable
        public void Count() {
            events.add("counted");
        }
    }

    /** Counts as fast as it is asked. */
    private static final class Counting implements Flow.Subscription {

        private final Flow.Subscriber<? super Integer> subscriber;
        private final int count;
        private final Executor thread;
        private final AtomicInteger next = new AtomicInteger();

        Counting(Flow.Subscriber<? super Integer> subscriber, int count, Executor thread) {
            this.subscriber = subscriber;
            this.count = count;
            this.thread = thread;
        }

        @Override
        public void request(long asked) {
            thread.execute(() -> give(asked));
        }

        private void give(long asked) {
            for (long i = 0; i < asked && next.get() < count; i++) {
                subscriber.onNext(Streams.made(next.getAndIncrement()));
            }
            if (next.get() == count) {
                next.incrementAndGet();
                subscriber.onComplete();
            }
        }

        @Override
        public void cancel() {
            next.set(Integer.MAX_VALUE);
        }
    }

    /** One number, then nothing until it is interrupted. */
    private static final class Waiting implements Iterator<Integer> {

        private boolean given;

        @Override
        public boolean hasNext() {
            if (given) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException cancelled) {
                    Streams.events.add("cancelled EndlessIterator");
                    return false;
                }
            }
            return true;
        }

        @Override
        public Integer next() {
            if (given) {
                throw new NoSuchElementException();
            }
            given = true;
            return 1;
        }
    }
}
