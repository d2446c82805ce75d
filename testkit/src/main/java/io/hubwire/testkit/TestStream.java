package io.hubwire.testkit;

import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a hub streams to a {@link TestClient}: each element is waited for when it is asked for, with the deadline of the
 * client. For one thread at a time.
 *
 * @param <T> the elements
 */
public final class TestStream<T> implements Iterator<T>, AutoCloseable {

    private final Conversation conversation;
    private final PendingCall call;
    private final Class<T> type;

    TestStream(Conversation conversation, PendingCall call, Class<T> type) {
        this.conversation = conversation;
        this.call = call;
        this.type = type;
    }

    /**
     * Waits for the next element or the end.
     *
     * @throws HubException if the hub ends the stream with an error
     * @throws AssertionError if neither comes in time
     */
    @Override
    public boolean hasNext() {
        boolean more = conversation.await(
                "an element of '" + call.method() + "', or its end,",
                () -> call.items().isEmpty() && !call.isOver()
                        ? Optional.empty()
                        : Optional.of(!call.items().isEmpty()));
        if (!more) {
            failIfFailed();
        }
        return more;
    }

    private void failIfFailed() {
        if (conversation.read(call::outcome) instanceof Outcome.Failure failure) {
            throw new HubException(failure.message());
        }
    }

    /**
     * The next element.
     *
     * @throws NoSuchElementException if the stream has ended
     * @throws HubException if it has ended with an error
     * @throws AssertionError if nothing comes in time, or null
     */
    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("'" + call.method() + "' has ended");
        }
        @Nullable Object value = conversation.read(() -> call.items().remove().value());
        if (value == null) {
            throw new AssertionError("an element of '" + call.method() + "' is null");
        }
        return ReceivedCall.boxed(type).cast(value);
    }

    /** The next so many elements. */
    public List<T> next(int count) {
        List<T> some = new ArrayList<>();
        while (some.size() < count) {
            some.add(next());
        }
        return some;
    }

    /** All elements up to the end. */
    public List<T> toList() {
        List<T> all = new ArrayList<>();
        forEachRemaining(all::add);
        return all;
    }

    /** Tells the hub that nobody wants more. What is on its way still comes. */
    public void cancel() {
        conversation.cancel(call);
    }

    /** Cancels, unless the stream has ended. */
    @Override
    public void close() {
        cancel();
    }
}
