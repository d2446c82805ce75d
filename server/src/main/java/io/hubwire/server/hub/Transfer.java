package io.hubwire.server.hub;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is pulled although it pushes: its producer runs on a virtual thread and hands each value over.
 *
 * <p>Confined to one reader.
 */
final class Transfer<T extends @Nullable Object> implements Iterator<T> {

    private final HubStream<T> stream;
    private final SynchronousQueue<Step> steps = new SynchronousQueue<>();
    private boolean started;
    private @Nullable Step next;

    Transfer(HubStream<T> stream) {
        this.stream = stream;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = take();
        }
        return switch (next) {
            case Value value -> true;
            case End end -> {
                rethrow(end.failure());
                yield false;
            }
        };
    }

    // What comes out is what the stream of values put in.
    @SuppressWarnings({"unchecked", "NullAway"})
    @Override
    public T next() {
        if (!hasNext() || !(next instanceof Value value)) {
            throw new NoSuchElementException();
        }
        next = null;
        return (T) value.value();
    }

    private Step take() {
        if (!started) {
            started = true;
            Thread.ofVirtual().start(this::run);
        }
        try {
            return steps.take();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for the next value.");
        }
    }

    private void run() {
        Throwable failure = null;
        try {
            stream.transferTo(value -> put(new Value(value)));
        } catch (Throwable thrown) {
            failure = thrown;
        }
        put(new End(failure));
    }

    private void put(Step step) {
        try {
            steps.put(step);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while handing a value over.");
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    private sealed interface Step {}

    private record Value(@Nullable Object value) implements Step {}

    private record End(@Nullable Throwable failure) implements Step {}
}
