package io.hubwire.server.spi;

import java.time.Duration;

/** Where time comes from: everything that waits or expires asks here. Safe for any thread. */
public interface Scheduler {

    /** Monotonic time in nanoseconds, comparable only within this scheduler. */
    long nanoTime();

    /**
     * Runs {@code task} once, not before {@code delay} has passed, a fraction of a second later at most. The task runs
     * on the scheduler's thread and must return at once.
     */
    Timer schedule(Duration delay, Runnable task);

    /** One task that waits for its time. */
    interface Timer {

        /** Forgets the task; does nothing if it has run. */
        void cancel();
    }
}
