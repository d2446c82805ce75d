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
    private final ReentrantLock turning = new ReentrantLock(true);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    private volatile Runnable wake = () -> {};

    /** Sets what is to be done when there is a task that no turn is sure to find. */
    void wakes(Runnable someone) {
        wake = someone;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!isCurrent()) {
            wake.run();
        }
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

    /** Makes a short turn, so that whoever else has found something comes in between; returns whether it was enough. */
    boolean turnShortly(int tasksAtMost) {
        turning.lock();
        try {
            for (int i = 0; i < tasksAtMost; i++) {
                Runnable task = tasks.poll();
                if (task == null) {
                    return true;
                }
                task.run();
            }
            return false;
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
