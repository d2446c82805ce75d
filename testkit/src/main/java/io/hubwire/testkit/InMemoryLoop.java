package io.hubwire.testkit;

import io.hubwire.server.spi.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A loop that is turned by whoever needs it to turn: a client that does something, or one that waits.
 *
 * <p>One thread turns at a time, and while it does it is the loop's thread. A turn is one thing that the engine found,
 * and then every task there is, until there is none.
 */
final class InMemoryLoop implements EventLoop {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Held for a turn; everything that an in-memory host remembers is guarded by it. */
    private final ReentrantLock turning = new ReentrantLock();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean isCurrent() {
        return turning.isHeldByCurrentThread();
    }

    /** Makes a turn. Within one, only {@code found} is run: it belongs to the turn that there is. */
    void turn(Runnable found) {
        boolean within = isCurrent();
        turning.lock();
        try {
            found.run();
            if (!within) {
                runTasks();
            }
        } finally {
            turning.unlock();
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Turns until something is so. */
    void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!holds(condition)) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new AssertionError("not so within ten seconds");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    private boolean holds(BooleanSupplier condition) {
        turning.lock();
        try {
            runTasks();
            return condition.getAsBoolean();
        } finally {
            turning.unlock();
        }
    }
}
