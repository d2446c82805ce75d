package io.hubwire.server.internal.transport;

import io.hubwire.server.spi.EventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What has something to do on one event loop: marked by any thread, served by the loop, each once per turn.
 *
 * <p>However many takers are marked between two turns, and however often, the loop is woken once. The takers are linked
 * through themselves, newest first: marking allocates nothing and takes no lock.
 */
final class Turn implements Runnable {

    private static final VarHandle NEWEST;
    private static final VarHandle MARKED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEWEST = lookup.findVarHandle(Turn.class, "newest", Taker.class);
            MARKED = lookup.findVarHandle(Taker.class, "marked", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final EventLoop loop;

    /** The marked takers, linked; whoever puts the first one in wakes the loop. */
    @SuppressWarnings("unused") // through NEWEST
    private volatile @Nullable Taker newest;

    Turn(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    private void add(Taker taker) {
        Taker before;
        do {
            before = newest;
            taker.next = before;
        } while (!NEWEST.compareAndSet(this, before, taker));
        if (before == null) {
            wake();
        }
    }

    private void wake() {
        try {
            loop.execute(this);
        } catch (RejectedExecutionException hostHasStopped) {
            TransportLog.loopGone(hostHasStopped);
        }
    }

    /** Serves everyone who is marked; on the loop. */
    @Override
    public void run() {
        Taker taker = oldestFirst((Taker) NEWEST.getAndSet(this, null));
        while (taker != null) {
            Taker following = taker.next;
            taker.next = null;
            serve(taker);
            taker = following;
        }
    }

    private void serve(Taker taker) {
        Turn at = taker.turn;
        if (at != this) {
            // It was marked for this loop and has moved meanwhile.
            at.add(taker);
            return;
        }
        taker.marked = false;
        try {
            taker.takeTurn();
        } catch (RuntimeException | Error failure) {
            // The others of this turn must not suffer for it.
            TransportLog.turnFailed(failure);
        }
    }

    private static @Nullable Taker oldestFirst(@Nullable Taker newest) {
        Taker reversed = null;
        for (Taker taker = newest; taker != null; ) {
            Taker before = taker.next;
            taker.next = reversed;
            reversed = taker;
            taker = before;
        }
        return reversed;
    }

    /**
     * Something that takes part in the turns of one loop at a time.
     *
     * <p>Its state is confined to {@link #takeTurn}, and so to the loop; {@link #mark} is for any thread.
     */
    abstract static class Taker {

        private volatile Turn turn;
        private volatile boolean marked;

        /** Guarded by {@link #marked}: used by the turn that it is marked for. */
        private @Nullable Taker next;

        Taker(Turn turn) {
            this.turn = turn;
        }

        /**
         * Makes sure that {@link #takeTurn} begins once more after this call. What it is to find must have been published
         * before by a lock or a volatile write.
         */
        final void mark() {
            if (!marked && MARKED.compareAndSet(this, false, true)) {
                turn.add(this);
            }
        }

        /** The loop that serves this taker at present. */
        final EventLoop currentLoop() {
            return turn.loop;
        }

        /** Goes on with another loop. The last thing that {@link #takeTurn} does: the other may begin at once. */
        final void moveTo(Turn other) {
            turn = other;
            mark();
        }

        /** Does what there is to do. On the loop; what it throws is logged. */
        abstract void takeTurn();
    }
}
