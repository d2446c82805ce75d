package io.hubwire.testkit;

import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when it is told to: tasks run within {@link #advance}, on its thread, in the order in which they are
 * due, each at its own time. Safe for any thread.
 */
public final class FakeClock implements Scheduler {

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private long now;
    private long scheduled;

    /** A clock that stands at its beginning. */
    public FakeClock() {}

    @Override
    public long nanoTime() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable run) {
        lock.lock();
        try {
            Task task = new Task(now + Math.max(0, delay.toNanos()), scheduled++, run);
            tasks.add(task);
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass, and runs what is due on the way, what is scheduled meanwhile too. */
    public void advance(Duration time) {
        long end = nanoTime() + time.toNanos();
        for (Task task = next(end); task != null; task = next(end)) {
            task.run.run();
        }
    }

    /** Moves to the next task that is due by then, or to the end. */
    private @Nullable Task next(long end) {
        lock.lock();
        try {
            Task first = tasks.peek();
            if (first == null || first.due > end) {
                now = Math.max(now, end);
                return null;
            }
            now = Math.max(now, first.due);
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks wait. */
    public int waiting() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    private record Task(long due, long number, Runnable run) {}
}
