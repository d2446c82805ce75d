package io.hubwire.testkit;

import java.util.concurrent.locks.LockSupport;

/** Turns an in-memory loop whenever there is something to do, as an engine does, so that nobody has to wait for it. */
final class InMemoryEngine implements AutoCloseable {

    private static final int TASKS_AT_ONCE = 100;

    private final InMemoryLoop loop;
    private final Thread thread;
    private volatile boolean over;

    InMemoryEngine(InMemoryLoop loop) {
        this.loop = loop;
        this.thread = Thread.ofVirtual().name("in-memory-engine").unstarted(this::work);
        loop.wakes(() -> LockSupport.unpark(thread));
        thread.start();
    }

    private void work() {
        while (!over) {
            if (isDone()) {
                LockSupport.park(this);
            }
        }
    }

    /** Makes a turn; what a task throws is shown and hurts nobody else. */
    private boolean isDone() {
        try {
            return loop.turnShortly(TASKS_AT_ONCE);
        } catch (RuntimeException | AssertionError broken) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, broken);
            return false;
        }
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
    }
}
