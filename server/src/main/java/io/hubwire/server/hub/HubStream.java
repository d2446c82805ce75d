package io.hubwire.server.hub;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Values one after the other, from a hub to a client or from a client to a hub, produced and consumed by code that may
 * block: made for virtual threads.
 *
 * <p>As the result of a hub method it is what {@link #of} makes. As a parameter it is what the client uploads: it can be
 * read once, by one thread at a time, and ends as the client ends it. Reading waits for the client; a client that is
 * ahead of the hub by more than the option {@code streamBufferCapacity} is not read from until the hub has caught up.
 *
 * @param <T> the values
 */
@FunctionalInterface
public interface HubStream<T extends @Nullable Object> extends Iterable<T> {

    /**
     * A stream of what {@code producer} sends. It runs once for each time that the stream is consumed: for a client, on a
     * virtual thread of the call.
     */
    static <T extends @Nullable Object> HubStream<T> of(Producer<T> producer) {
        return producer::produce;
    }

    /**
     * Hands every value to {@code sink}, on the calling thread, and returns at the end of the stream.
     *
     * @throws HubException if the stream comes from a client that has ended it with an error
     * @throws java.util.concurrent.CancellationException if the client is gone, or {@code sink} wants no more
     * @throws Exception what the producer throws
     */
    void transferTo(Sink<? super T> sink) throws Exception;

    /**
     * The values, each waited for when it is asked for. What the producer throws is thrown by {@link Iterator#hasNext}, in
     * an {@link IllegalStateException} if it is checked. The producer of a stream that was made with {@link #of} runs on a
     * virtual thread meanwhile, one value ahead, and waits there for as long as nobody reads on.
     */
    @Override
    default Iterator<T> iterator() {
        return new Transfer<>(this);
    }

    /** The values as a sequential stream of the JDK's kind, under the rules of {@link #iterator}. */
    default Stream<T> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED), false);
    }

    /**
     * What makes the values of a stream.
     *
     * @param <T> the values
     */
    @FunctionalInterface
    interface Producer<T extends @Nullable Object> {

        /**
         * Sends the values; returning ends the stream. The thread is interrupted when nobody wants more.
         *
         * @throws Exception to end the stream with an error; the text of a {@link HubException} reaches the client
         */
        void produce(Sink<? super T> out) throws Exception;
    }

    /**
     * Where values go.
     *
     * @param <T> the values
     */
    @FunctionalInterface
    interface Sink<T extends @Nullable Object> {

        /**
         * Sends one value, and waits while the client has not taken enough of those before it.
         *
         * @throws java.util.concurrent.CancellationException if nobody wants more: the client has cancelled, or is gone.
         *     Not meant to be caught.
         */
        void send(T value);
    }
}
