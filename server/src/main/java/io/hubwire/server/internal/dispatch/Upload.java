package io.hubwire.server.internal.dispatch;

import io.hubwire.server.hub.HubStream;
import io.hubwire.server.internal.words.ErrorTexts;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stream that a client sends: what has come of it and its hub has not taken.
 *
 * <p>Filled by the connection's reader, emptied by one thread of the hub at a time, ended by either or by the connection's
 * end. The lock is held for no longer than it takes to add or to take one element.
 */
final class Upload implements HubStream<@Nullable Object> {

    /** What waits in place of a null, which the queue cannot hold. */
    private static final Object NULL = new Object();

    private final String id;
    private final Type type;
    private final int capacity;
    private final Runnable roomAgain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Object> items = new ArrayDeque<>();
    private boolean ended;
    private @Nullable RuntimeException failure;

    /** Whether there is one element more than there is room for: the reader has stopped behind it. */
    private volatile boolean full;

    /** Creates a stream of which nothing has come; {@code roomAgain} is told when it is full no longer. */
    Upload(String id, Type type, int capacity, Runnable roomAgain) {
        this.id = id;
        this.type = type;
        this.capacity = capacity;
        this.roomAgain = roomAgain;
    }

    /** What the client calls the stream. */
    String id() {
        return id;
    }

    /** What the elements are. */
    Type type() {
        return type;
    }

    /** Whether the reader is to go no further. */
    boolean isFull() {
        return full;
    }

    // ---- the client's side

    /** One element has come. */
    void add(@Nullable Object item) {
        lock.lock();
        try {
            if (!ended) {
                items.add(item == null ? NULL : item);
                full = items.size() > capacity;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes; what has come can still be taken, and what failed is thrown behind it. */
    void end(@Nullable RuntimeException why) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = why;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client is gone: what has come is of no use any more. */
    void abandon() {
        giveUp(new CancellationException(ErrorTexts.CONNECTION_CLOSED));
    }

    // ---- the hub's side

    /** Nobody takes anything any more: the call is over, or wants no more of this. What still comes is thrown away. */
    void close() {
        giveUp(null);
    }

    private void giveUp(@Nullable RuntimeException why) {
        boolean wasFull;
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = why;
            }
            items.clear();
            wasFull = full;
            full = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (wasFull) {
            roomAgain.run();
        }
    }

    /** Waits for the next element; {@link #NULL} for null, null at the end. */
    private @Nullable Object take() {
        Object item;
        boolean madeRoom;
        lock.lock();
        try {
            while (items.isEmpty() && !ended) {
                changed.await();
            }
            item = items.poll();
            madeRoom = full && items.size() <= capacity;
            full = full && !madeRoom;
            if (item == null && failure != null) {
                throw failure;
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for the client's stream.");
        } finally {
            lock.unlock();
        }
        if (madeRoom) {
            roomAgain.run();
        }
        return item;
    }

    private static @Nullable Object value(Object item) {
        return item.equals(NULL) ? null : item;
    }

    /** This stream as the parameter of a hub method that wants a {@code parameter}. */
    Object as(Class<?> parameter) {
        if (parameter == Iterator.class) {
            return iterator();
        }
        if (parameter == Stream.class) {
            return stream().onClose(this::close);
        }
        return parameter == Flow.Publisher.class ? new UploadPublisher(this) : this;
    }

    @SuppressWarnings(
            "NullAway") // a sink of anything nullable takes null, which NullAway does not see through a wildcard
    @Override
    public void transferTo(Sink<? super @Nullable Object> sink) {
        for (Object item = take(); item != null; item = take()) {
            sink.send(value(item));
        }
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
        return new Elements();
    }

    private final class Elements implements Iterator<@Nullable Object> {

        private @Nullable Object next;

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = take();
            }
            return next != null;
        }

        @Override
        public @Nullable Object next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Object item = Objects.requireNonNull(next);
            next = null;
            return value(item);
        }
    }
}
