package io.hubwire.server.internal.transport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The door of a server: how many clients have negotiated and not connected yet, and whether any more are let in.
 *
 * <p>Shared by all endpoints of a server, since all of them spend its memory. Safe for any thread.
 */
public final class PendingConnections {

    private final int maximum;
    private final AtomicInteger count = new AtomicInteger();
    private volatile long secondsToRetry = 1;
    private volatile boolean closed;
    private volatile boolean warned;

    /**
     * Opens the door.
     *
     * @param maximum how many clients may be on their way in at once; more are turned away with 503
     */
    public PendingConnections(int maximum) {
        this.maximum = maximum;
    }

    /**
     * Lets nobody in any more: 503 for whoever negotiates or connects. Connections that exist go on.
     *
     * @param retryAfter what clients are told of when to try again
     */
    public void close(Duration retryAfter) {
        secondsToRetry = Math.max(1, (retryAfter.toMillis() + 999) / 1000);
        closed = true;
    }

    /** After how many seconds somebody who is refused may try again: at least one. */
    long secondsToRetry() {
        return secondsToRetry;
    }

    boolean isClosed() {
        return closed;
    }

    /** Counts one client more, unless they are too many. */
    boolean enter() {
        int before = count.getAndIncrement();
        if (before < maximum) {
            return true;
        }
        count.getAndDecrement();
        if (!warned) {
            warned = true;
            TransportLog.tooManyPending(maximum);
        }
        return false;
    }

    /** One of those that have entered has connected or given up. */
    void leave() {
        if (count.decrementAndGet() <= maximum / 2 && warned) {
            warned = false;
        }
    }

    /** How many are on their way in. */
    public int count() {
        return count.get();
    }
}
