package io.hubwire.server;

import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.List;

/** Things to do one after the other, evenly over some time. Runs on the scheduler's thread, the first at once. */
final class Stagger implements Runnable {

    private final Scheduler scheduler;
    private final List<Runnable> turns;
    private final long spread;
    private final long begin;
    private int next;

    Stagger(Scheduler scheduler, List<Runnable> turns, Duration spread) {
        this.scheduler = scheduler;
        this.turns = turns;
        this.spread = spread.toNanos();
        this.begin = scheduler.nanoTime();
    }

    void start() {
        run();
    }

    /** Does everything that is due, and comes back for the rest. */
    @Override
    public void run() {
        long passed = scheduler.nanoTime() - begin;
        while (next < turns.size() && dueAt(next) <= passed) {
            turns.get(next++).run();
        }
        if (next < turns.size()) {
            scheduler.schedule(Duration.ofNanos(dueAt(next) - passed), this);
        }
    }

    private long dueAt(int turn) {
        return (long) ((double) spread * turn / turns.size());
    }
}
