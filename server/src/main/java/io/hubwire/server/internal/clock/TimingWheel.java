package io.hubwire.server.internal.clock;

import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for everything that waits: a ring of buckets, each holding the tasks of one tick of every round.
 *
 * <pre>
 *   tick  0    1    2   ...  1023          a task due at tick t stands in bucket t mod 1024
 *        [ ]  [ ]  [x]  ...  [x]           and runs when the hand is at t, not in an earlier round
 *              ^ hand
 * </pre>
 *
 * <p>Scheduling and cancelling take the same short time however many tasks wait. The thread sleeps from tick to tick
 * while something is scheduled and parks while nothing is. Safe for any thread: one lock guards ring and hand, and is
 * not held while a task runs.
 */
public final class TimingWheel implements Scheduler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TimingWheel.class);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BUCKETS = 1024;
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final @Nullable Entry[] buckets = new @Nullable Entry[BUCKETS];
    private final long start = System.nanoTime();
    private long hand;
    private int scheduled;
    private boolean closed;
    private @Nullable Thread thread;

    /** Creates a wheel; its thread starts with the first task. */
    public TimingWheel() {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        long due = nanosSinceStart() + (delay.compareTo(LONGEST) < 0 ? delay : LONGEST).toNanos();
        Entry entry = new Entry(task, Math.ceilDiv(due, TICK));
        lock.lock();
        try {
            if (closed) {
                return entry;
            }
            if (scheduled++ == 0) {
                // Nobody has moved the hand while nothing was scheduled.
                hand = nanosSinceStart() / TICK;
                begin();
            }
            entry.tick = Math.max(entry.tick, hand + 1);
            link(entry);
        } finally {
            lock.unlock();
        }
        return entry;
    }

    /** Runs nothing of what is scheduled any more, takes nothing more, and lets the thread end. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        if (thread == null) {
            thread = Thread.ofPlatform().name("hubwire-clock").daemon().start(this::run);
        } else {
            changed.signalAll();
        }
    }

    private void run() {
        for (List<Runnable> due = awaitTick(); due != null; due = awaitTick()) {
            due.forEach(TimingWheel::run);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.error("TimerFailed: a task that had waited for its time threw", failure);
        }
    }

    /** Waits until the hand may move on, moves it as far as it may, and returns what is due; null at the end. */
    private @Nullable List<Runnable> awaitTick() {
        List<Runnable> due = new ArrayList<>();
        lock.lock();
        try {
            while (!closed && (scheduled == 0 || nanosToNextTick() > 0)) {
                if (scheduled == 0) {
                    changed.await();
                } else {
                    changed.awaitNanos(nanosToNextTick());
                }
            }
            if (closed) {
                return null;
            }
            for (long now = nanosSinceStart() / TICK; hand < now && scheduled > 0; ) {
                collect(++hand, due);
            }
        } catch (InterruptedException notByUs) {
            // Nobody has a reason to interrupt this thread; whoever does it all the same ends it.
            closed = true;
            return null;
        } finally {
            lock.unlock();
        }
        return due;
    }

    private void collect(long tick, List<Runnable> due) {
        Entry entry = buckets[(int) (tick % BUCKETS)];
        while (entry != null) {
            Entry following = entry.next;
            if (entry.tick <= tick) {
                unlink(entry);
                due.add(entry.task);
            }
            entry = following;
        }
    }

    private void link(Entry entry) {
        int bucket = (int) (entry.tick % BUCKETS);
        Entry first = buckets[bucket];
        entry.next = first;
        if (first != null) {
            first.previous = entry;
        }
        buckets[bucket] = entry;
        entry.linked = true;
    }

    private void unlink(Entry entry) {
        Entry previous = entry.previous;
        Entry next = entry.next;
        if (previous == null) {
            buckets[(int) (entry.tick % BUCKETS)] = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        entry.previous = null;
        entry.next = null;
        entry.linked = false;
        scheduled--;
    }

    private long nanosSinceStart() {
        return System.nanoTime() - start;
    }

    private long nanosToNextTick() {
        return (hand + 1) * TICK - nanosSinceStart();
    }

    /** A task in its bucket; everything but the task is guarded by the wheel's lock. */
    private final class Entry implements Timer {

        private final Runnable task;
        private long tick;
        private boolean linked;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        Entry(Runnable task, long tick) {
            this.task = task;
            this.tick = tick;
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                if (linked) {
                    unlink(this);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
