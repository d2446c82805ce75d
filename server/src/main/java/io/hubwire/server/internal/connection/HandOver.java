package io.hubwire.server.internal.connection;

import io.hubwire.server.spi.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings the lanes that one turn of an event loop starts onto virtual threads, together.
 *
 * <p>A thread for each lane costs a hand-off for each; one thread for all would let a call that blocks hold up the calls
 * of other clients. So one thread works through the lanes of a turn, and a second stands by: it gets to run as soon as
 * the first blocks, or at once where there is a processor free for it, starts the next stand-by and goes on with the
 * lanes that are left. Whoever finds none left ends.
 *
 * <p>Confined to its loop; batches are shared between their threads.
 */
final class HandOver implements Runnable {

    private final EventLoop loop;
    private List<Runnable> lanes = new ArrayList<>();

    HandOver(EventLoop loop) {
        this.loop = loop;
    }

    /** Runs a lane on a virtual thread after this turn; called on the loop. */
    void start(Runnable lane) {
        if (lanes.isEmpty()) {
            loop.execute(this);
        }
        lanes.add(lane);
    }

    @Override
    public void run() {
        List<Runnable> started = lanes;
        if (started.size() == 1) {
            Runnable only = started.getFirst();
            started.clear();
            Thread.startVirtualThread(only);
            return;
        }
        lanes = new ArrayList<>(started.size());
        Thread.startVirtualThread(new Batch(started));
    }

    private static final class Batch implements Runnable {

        private final List<Runnable> lanes;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicBoolean standBy = new AtomicBoolean();

        Batch(List<Runnable> lanes) {
            this.lanes = lanes;
        }

        @Override
        public void run() {
            standBy.set(false);
            for (int i = next.getAndIncrement(); i < lanes.size(); i = next.getAndIncrement()) {
                if (i + 1 < lanes.size() && standBy.compareAndSet(false, true)) {
                    Thread.startVirtualThread(this);
                }
                run(lanes.get(i));
            }
        }

        /** A lane that fails is no reason to leave the others behind. */
        private static void run(Runnable lane) {
            try {
                lane.run();
            } catch (RuntimeException | Error failure) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
        }
    }
}
