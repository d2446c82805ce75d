package io.hubwire.conformance.golden;

import io.hubwire.conformance.answer.InvalidOperationException;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubMethodName;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The streams of the golden hub, both ways. */
public abstract class GoldenStreams extends GoldenSends {

    private static final String CANCELLED = "cancelled streams";

    /** For the hubs. */
    protected GoldenStreams() {}

    /** Counts, waiting before each number. */
    @HubMethodName("Count")
    public Stream<Integer> count(int to, int delay) {
        return IntStream.range(0, to).mapToObj(number -> after(delay, number));
    }

    private static int after(int delay, int number) {
        try {
            Thread.sleep(delay);
            return number;
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new InvalidOperationException("interrupted");
        }
    }

    /** The first letters. */
    @HubMethodName("Letters")
    public Stream<String> letters() {
        return Stream.of("a", "b", "c");
    }

    /** Counts and fails. */
    @HubMethodName("CountAndThrow")
    public Stream<Integer> countAndThrow(int to, boolean hub) {
        return IntStream.rangeClosed(0, to).mapToObj(number -> number < to ? number : failed(hub));
    }

    private static int failed(boolean hub) {
        String message = "stream failed";
        throw hub ? new HubException(message) : new InvalidOperationException(message);
    }

    /** One number, then nothing until it is cancelled. */
    @HubMethodName("Endless")
    public Flow.Publisher<Integer> endless() {
        AtomicInteger cancelled = cancelled();
        return subscriber -> subscriber.onSubscribe(new OneAndNoEnd(subscriber, cancelled));
    }

    /** How many endless streams of this connection were cancelled. */
    @HubMethodName("CancelledStreams")
    public int cancelledStreams() {
        return cancelled().get();
    }

    private AtomicInteger cancelled() {
        return (AtomicInteger) context().items().computeIfAbsent(CANCELLED, first -> new AtomicInteger());
    }

    /** No stream at all. */
    @HubMethodName("NullStream")
    public @Nullable Stream<Integer> nullStream() {
        return null;
    }

    /** Throws before there is a stream. */
    @HubMethodName("ThrowBeforeStream")
    public Stream<Integer> throwBeforeStream() {
        throw new InvalidOperationException("no stream");
    }

    /** Adds up what the client sends. */
    @HubMethodName("Sum")
    public int sum(Iterator<Integer> numbers) {
        int sum = 0;
        while (numbers.hasNext()) {
            sum += numbers.next();
        }
        return sum;
    }

    /** Joins what the client sends. */
    @HubMethodName("Concat")
    public String concat(String prefix, Iterator<String> words) {
        StringBuilder joined = new StringBuilder(prefix);
        words.forEachRemaining(joined::append);
        return joined.toString();
    }

    /** Joins two streams in turn. */
    @HubMethodName("Zip")
    public String zip(Iterator<Integer> numbers, Iterator<String> words) {
        StringBuilder joined = new StringBuilder();
        while (numbers.hasNext()) {
            joined.append(numbers.next()).append(words.next());
        }
        return joined.toString();
    }

    /** Doubles what the client sends. */
    @HubMethodName("Double")
    public Stream<Integer> twice(Iterator<Integer> numbers) {
        Iterable<Integer> once = () -> numbers;
        return StreamSupport.stream(once.spliterator(), false).map(number -> number * 2);
    }

    /** Gives one number when it is asked, and counts that it was cancelled. */
    private static final class OneAndNoEnd implements Flow.Subscription {

        private final Flow.Subscriber<? super Integer> subscriber;
        private final AtomicInteger cancelled;
        private final AtomicInteger given = new AtomicInteger();

        OneAndNoEnd(Flow.Subscriber<? super Integer> subscriber, AtomicInteger cancelled) {
            this.subscriber = subscriber;
            this.cancelled = cancelled;
        }

        @Override
        public void request(long count) {
            if (given.getAndIncrement() == 0) {
                subscriber.onNext(1);
            }
        }

        @Override
        public void cancel() {
            cancelled.incrementAndGet();
        }
    }
}
