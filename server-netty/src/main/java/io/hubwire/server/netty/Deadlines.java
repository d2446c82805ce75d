package io.hubwire.server.netty;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Those who have to do something within the same time, in the order in which they began: only the first has to be
 * looked at, and one task of the loop looks for all of them, none when there are none. Confined to the loop.
 */
final class Deadlines {

    private static final int LOOKS_PER_DEADLINE = 8;

    private final io.netty.channel.EventLoop loop;
    private final long limit;
    private final Entry ring = new Entry(() -> {});
    private @Nullable ScheduledFuture<?> look;

    Deadlines(io.netty.channel.EventLoop loop, Duration limit) {
        this.loop = loop;
        this.limit = limit.toNanos();
        ring.previous = ring;
        ring.next = ring;
    }

    /** The time of {@code entry} begins; it is taken off whatever list it was on. */
    void begin(Entry entry) {
        entry.end();
        entry.due = System.nanoTime() + limit;
        Entry last = ring.previous;
        entry.previous = last;
        entry.next = ring;
        last.next = entry;
        ring.previous = entry;
        if (look == null) {
            lookIn(limit);
        }
    }

    private void lookIn(long nanos) {
        look = loop.schedule(this::look, Math.max(nanos, limit / LOOKS_PER_DEADLINE), TimeUnit.NANOSECONDS);
    }

    private void look() {
        look = null;
        long now = System.nanoTime();
        Entry first = ring.next;
        while (first != ring && first.due - now <= 0) {
            first.end();
            run(first.late);
            first = ring.next;
        }
        if (first != ring && look == null) {
            lookIn(first.due - now);
        }
    }

    /** Runs what is to happen to one of them, whatever it throws: the others have to go, too. */
    private static void run(Runnable late) {
        try {
            late.run();
        } catch (RuntimeException | Error mistake) {
            NettyLog.lateFailed(mistake);
        }
    }

    /** One who has to do something; on one list at a time. */
    static final class Entry {

        private final Runnable late;
        private Entry previous = this;
        private Entry next = this;
        private long due;

        /** An entry on no list; {@code late} is run when its time is over. */
        Entry(Runnable late) {
            this.late = late;
        }

        /** It was done, or nobody waits for it any more. */
        void end() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }
    }
}
