package io.hubwire.server.internal.connection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one client: they start in the order they came, as many at a time as there are lanes.
 *
 * <p>A call holds its lane until its stage is done. Calls are added by one reader at a time; lanes run on virtual threads
 * that live only while there is work. The lock guards the queue and the counts, and is never held while a call runs.
 */
public final class Mailbox implements Runnable {

    private final ReentrantLock lock = new ReentrantLock();
    private final int lanes;
    private final long maximumBytes;
    private final Reader reader;
    private @Nullable Call first;
    private @Nullable Call last;
    private long bytes;
    private volatile boolean full;
    private volatile boolean shut;

    /** Calls that are queued or have not ended. */
    private int unfinished;

    /** Whether {@link #unfinished} is zero, to be seen without the lock. */
    private volatile boolean idle = true;

    private int busyLanes;
    private @Nullable CompletableFuture<Void> whenIdle;

    /**
     * Creates an empty mailbox.
     *
     * @param lanes how many calls may run at once
     * @param maximumBytes how many bytes of calls may wait before {@link #isFull} says so; 0 for no limit
     */
    Mailbox(int lanes, long maximumBytes, Reader reader) {
        this.lanes = lanes;
        this.maximumBytes = maximumBytes;
        this.reader = reader;
    }

    /**
     * Takes a call: on the reader's own thread and at once, if it promises to return at once and nothing is going on;
     * else it waits behind all others. Called by the reader.
     */
    public void offer(Call call, boolean returnsAtOnce) {
        if (returnsAtOnce && idle && !shut) {
            runHere(call);
        } else {
            add(call);
        }
    }

    private void add(Call call) {
        boolean start;
        lock.lock();
        try {
            if (shut) {
                return;
            }
            begin();
            bytes += call.bytes;
            full = maximumBytes > 0 && bytes >= maximumBytes;
            if (last == null) {
                first = call;
            } else {
                last.next = call;
            }
            last = call;
            start = busyLanes < lanes;
            if (start) {
                busyLanes++;
            }
        } finally {
            lock.unlock();
        }
        if (start) {
            reader.startLane(this);
        }
    }

    private void begin() {
        unfinished++;
        idle = false;
    }

    private void runHere(Call call) {
        CompletionStage<?> unfinishedStage = call.run();
        if (unfinishedStage != null) {
            lock.lock();
            try {
                begin();
                busyLanes++;
                call.holdsLane = true;
            } finally {
                lock.unlock();
            }
            unfinishedStage.whenComplete((value, error) -> finished(call));
        }
    }

    /** Tells whether so much waits that nothing more should be read; the reader hears when that is over. */
    boolean isFull() {
        return full;
    }

    /** Forgets what waits and takes nothing more; what runs goes on. */
    void shut() {
        lock.lock();
        try {
            shut = true;
            for (Call call = first; call != null; call = call.next) {
                unfinished--;
            }
            idle = unfinished == 0;
            first = null;
            last = null;
            bytes = 0;
            full = false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; done when every call that was added has ended. */
    CompletionStage<Void> windDown() {
        lock.lock();
        try {
            shut = true;
            if (unfinished == 0) {
                return CompletableFuture.completedFuture(null);
            }
            if (whenIdle == null) {
                whenIdle = new CompletableFuture<>();
            }
            return whenIdle.minimalCompletionStage();
        } finally {
            lock.unlock();
        }
    }

    /** A lane: runs calls until none waits or one is to be waited for. On a virtual thread. */
    @Override
    public void run() {
        for (Call call = next(); call != null; call = next()) {
            CompletionStage<?> stage = call.run();
            if (stage != null) {
                Call waitedFor = call;
                stage.whenComplete((value, error) -> finished(waitedFor));
                return;
            }
            if (!finishedHere(call)) {
                return;
            }
        }
    }

    private @Nullable Call next() {
        Call call;
        boolean roomAgain = false;
        lock.lock();
        try {
            call = first;
            if (call == null) {
                busyLanes--;
                return null;
            }
            first = call.next;
            if (first == null) {
                last = null;
            }
            call.next = null;
            call.holdsLane = true;
            bytes -= call.bytes;
            if (full && bytes <= maximumBytes / 2) {
                full = false;
                roomAgain = true;
            }
        } finally {
            lock.unlock();
        }
        if (roomAgain) {
            reader.roomAgain();
        }
        return call;
    }

    /** The call is over; true when its lane goes on with the next. */
    private boolean finishedHere(Call call) {
        CompletableFuture<Void> nowIdle = null;
        boolean goesOn;
        lock.lock();
        try {
            goesOn = call.holdsLane;
            if (--unfinished == 0) {
                idle = true;
                nowIdle = whenIdle;
                whenIdle = null;
            }
        } finally {
            lock.unlock();
        }
        if (nowIdle != null) {
            nowIdle.complete(null);
        }
        return goesOn;
    }

    /** A call whose stage was waited for is over: its lane goes on, on a thread of its own if there is work. */
    private void finished(Call call) {
        if (!finishedHere(call)) {
            return;
        }
        boolean more;
        lock.lock();
        try {
            more = first != null;
            if (!more) {
                busyLanes--;
            }
        } finally {
            lock.unlock();
        }
        if (more) {
            Thread.startVirtualThread(this);
        }
    }

    /**
     * Gives up the lane of a running call for the rest of its run, once: it waits for its own client, whose answer may be
     * behind other calls.
     */
    public void giveUpLane(Call call) {
        boolean more;
        lock.lock();
        try {
            if (!call.holdsLane) {
                return;
            }
            call.holdsLane = false;
            more = first != null;
            if (!more) {
                busyLanes--;
            }
        } finally {
            lock.unlock();
        }
        if (more) {
            Thread.startVirtualThread(this);
        }
    }

    /** One call that waits for its turn. */
    public abstract static class Call {

        private final int bytes;
        private @Nullable Call next;
        private boolean holdsLane;

        /** A call that took {@code bytes} on the wire. */
        protected Call(int bytes) {
            this.bytes = bytes;
        }

        /**
         * Does the call. Does not throw.
         *
         * @return what is to be waited for; null when everything is done
         */
        protected abstract @Nullable CompletionStage<?> run();
    }

    /** Whoever adds calls. */
    interface Reader {

        /** Runs the mailbox on a virtual thread soon. On the reader's own thread. */
        void startLane(Mailbox mailbox);

        /** Half of the room is free again after {@link #isFull}. On a lane's thread. */
        void roomAgain();
    }
}
