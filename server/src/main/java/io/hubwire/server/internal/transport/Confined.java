package io.hubwire.server.internal.transport;

import io.hubwire.server.spi.EventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What lives on one event loop at a time and may move to another: all that happens to it, happens in its turns.
 *
 * <p>Other threads leave errands, which are run in the order they came. Errands move along.
 */
abstract class Confined extends Turn.Taker {

    private static final VarHandle NEWEST;

    static {
        try {
            NEWEST = MethodHandles.lookup().findVarHandle(Confined.class, "newest", Errand.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Turns turns;

    /** What other threads want done here, newest first. */
    @SuppressWarnings("unused") // through NEWEST
    private volatile @Nullable Errand newest;

    /** What is to be done next, oldest first; of this loop only. */
    private @Nullable Errand todo;

    /** Where the last act of this turn leads. */
    private @Nullable Turn destination;

    Confined(Turn turn, Turns turns) {
        super(turn);
        this.turns = turns;
    }

    /** Does what there is to do behind the errands. */
    abstract void act();

    /** An errand or {@link #act} has thrown. */
    abstract void fail(Throwable failure);

    /** Has {@code task} run in one of the next turns. Safe for any thread. */
    final void later(Runnable task) {
        Errand errand = new Errand(task);
        do {
            errand.next = newest;
        } while (!NEWEST.compareAndSet(this, errand.next, errand));
        mark();
    }

    /**
     * Tells whether this is the given loop. If it is not, the turn ends here, and the next one is there and begins with
     * {@code task}. For errands: nothing must follow.
     */
    final boolean isOn(EventLoop loop, Runnable task) {
        if (loop.equals(currentLoop())) {
            return true;
        }
        Errand first = new Errand(task);
        first.next = todo;
        todo = first;
        destination = turns.of(loop);
        return false;
    }

    @Override
    final void takeTurn() {
        runErrands();
        Turn next = destination;
        if (next != null) {
            destination = null;
            moveTo(next);
            return;
        }
        try {
            act();
        } catch (RuntimeException | Error failure) {
            fail(failure);
        }
    }

    private void runErrands() {
        if (newest != null) {
            collect();
        }
        for (Errand errand = todo; errand != null && destination == null; errand = todo) {
            todo = errand.next;
            try {
                errand.task.run();
            } catch (RuntimeException | Error failure) {
                fail(failure);
            }
        }
    }

    /** Puts what came behind what is left of the last turn. */
    private void collect() {
        Errand oldest = null;
        for (Errand errand = (Errand) NEWEST.getAndSet(this, null); errand != null; ) {
            Errand before = errand.next;
            errand.next = oldest;
            oldest = errand;
            errand = before;
        }
        if (todo == null) {
            todo = oldest;
            return;
        }
        Errand last = todo;
        while (last.next != null) {
            last = last.next;
        }
        last.next = oldest;
    }

    private static final class Errand {

        private final Runnable task;
        private @Nullable Errand next;

        Errand(Runnable task) {
            this.task = task;
        }
    }
}
