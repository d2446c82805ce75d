package io.hubwire.server.internal.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one client: they start in the order they came, as many at a time as there are lanes.
 *
 * <p>A call holds its lane until its stage is done. Calls are added by one reader at a time; lanes run on virtual threads
 * that live only while there is work. The lock guards the queue and the counts, and is never held while a call runs.
 */
public final class Mailbox implements Runnable {

    private static final long PATIENCE_WITH_CALLS = Duration.ofMillis(100).toNanos();
    private static final long NANOS_BETWEEN_LOOKS = 50_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final int lanes;
    private final long maximumBytes;
    private final Reader reader;
    private @Nullable Call first;
    private @Nullable Call last;

    /** The newest of the calls that run, linked; of those that returned on their reader, only those that are waited for. */
    private @Nullable Call running;

    private long bytes;
    private volatile boolean full;
    private volatile boolean shut;

    /** Calls that are queued or have not ended. */
    private int unfinished;

    private int busyLanes;

    /** Of the busy lanes, those whose thread has not come to its first call yet. */
    private int startingLanes;

    /** Whether there is neither an unfinished call nor a busy lane, to be seen without the lock. */
    private volatile boolean idle = true;

    private @Nullable CompletableFuture<Void> whenIdle;
    private @Nullable Runnable afterWaiting;

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
            unfinished++;
            idle = false;
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
                startingLanes++;
            }
        } finally {
            lock.unlock();
        }
        if (start) {
            reader.startLane(this);
        }
    }

    private void runHere(Call call) {
        CompletionStage<?> stage = call.run();
        if (stage == null) {
            return;
        }
        lock.lock();
        try {
            unfinished++;
            idle = false;
            begin(call, null);
            if (call.takeLane()) {
                busyLanes++;
            }
        } finally {
            lock.unlock();
        }
        stage.whenComplete((value, error) -> finished(call));
    }

    /** The first call that fits, of those that run and those that wait; null if there is none. */
    public @Nullable Call find(Predicate<Call> fits) {
        lock.lock();
        try {
            Call found = find(running, fits);
            return found == null ? find(first, fits) : found;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Call find(@Nullable Call from, Predicate<Call> fits) {
        Call call = from;
        while (call != null && !fits.test(call)) {
            call = call.next;
        }
        return call;
    }

    /**
     * Runs something on a virtual thread when every call that has come and can begin has begun, and has ended or waits for
     * something: what it makes the hub say stands behind what such calls say at once. A call that computes for long is not
     * waited for.
     */
    public void afterCalls(Runnable task) {
        Thread.startVirtualThread(() -> {
            long patience = System.nanoTime() + PATIENCE_WITH_CALLS;
            while (!isSettled() && System.nanoTime() < patience) {
                LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
            }
            task.run();
        });
    }

    private boolean isSettled() {
        lock.lock();
        try {
            boolean settled = startingLanes == 0;
            for (Call call = running; call != null && settled; call = call.next) {
                Thread runner = call.runner;
                settled = runner == null || runner.getState() != Thread.State.RUNNABLE;
            }
            return settled;
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether so much waits that nothing more should be read; the reader hears when that is over. */
    boolean isFull() {
        return full;
    }

    /**
     * Runs something as soon as no call waits any more, those that run included or not: now, or when the last one that
     * waits has started. The first that is given counts until it has run. Called by the reader, or when there is none.
     */
    void afterWaiting(Runnable what) {
        lock.lock();
        try {
            if (first != null) {
                afterWaiting = afterWaiting == null ? what : afterWaiting;
                return;
            }
        } finally {
            lock.unlock();
        }
        what.run();
    }

    /** Forgets what waits and takes nothing more; what runs goes on. */
    void shut() {
        CompletableFuture<Void> nowIdle;
        lock.lock();
        try {
            shut = true;
            for (Call call = first; call != null; call = call.next) {
                unfinished--;
            }
            first = null;
            last = null;
            bytes = 0;
            full = false;
            afterWaiting = null;
            nowIdle = settle();
        } finally {
            lock.unlock();
        }
        complete(nowIdle);
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
        for (Call call = next(null); call != null; ) {
            Call running = call;
            CompletionStage<?> stage = running.run();
            Thread.interrupted(); // of no concern to the calls behind, which may be another client's
            if (stage != null) {
                running.runner = null;
                stage.whenComplete((value, error) -> finished(running));
                return;
            }
            call = next(running);
        }
    }

    /** Ends a call, if there is one, and takes the next for the lane that it held; null when the lane is free now. */
    private @Nullable Call next(@Nullable Call done) {
        Call call = null;
        boolean roomAgain = false;
        Runnable started = null;
        CompletableFuture<Void> nowIdle;
        lock.lock();
        try {
            startingLanes -= done == null ? 1 : 0;
            if (done == null || end(done)) {
                call = takeFirst();
                roomAgain = noLongerFull();
                started = first == null ? afterWaiting : null;
                afterWaiting = started == null ? afterWaiting : null;
            }
            nowIdle = settle();
        } finally {
            lock.unlock();
        }
        complete(nowIdle);
        if (started != null) {
            // The call that was the last to wait has started then, unless it blocks at once.
            Thread.startVirtualThread(started);
        }
        if (roomAgain) {
            reader.roomAgain();
        }
        return call;
    }

    /** The first call that waits, which now holds the lane; null if there is none, and then the lane is free. */
    private @Nullable Call takeFirst() {
        Call call = first;
        if (call == null) {
            busyLanes--;
            return null;
        }
        first = call.next;
        if (first == null) {
            last = null;
        }
        call.next = null;
        begin(call, Thread.currentThread());
        call.takeLane();
        bytes -= call.bytes;
        return call;
    }

    private boolean noLongerFull() {
        if (!full || bytes > maximumBytes / 2) {
            return false;
        }
        full = false;
        return true;
    }

    private void begin(Call call, @Nullable Thread runner) {
        call.runner = runner;
        call.next = running;
        if (running != null) {
            running.previous = call;
        }
        running = call;
    }

    /** A call is over; true when it still held its lane. */
    private boolean end(Call call) {
        if (call.previous == null) {
            running = call.next;
        } else {
            call.previous.next = call.next;
        }
        if (call.next != null) {
            call.next.previous = call.previous;
        }
        call.next = null;
        call.previous = null;
        unfinished--;
        return call.loseLane();
    }

    private @Nullable CompletableFuture<Void> settle() {
        idle = unfinished == 0 && busyLanes == 0;
        if (unfinished > 0) {
            return null;
        }
        CompletableFuture<Void> waited = whenIdle;
        whenIdle = null;
        return waited;
    }

    private static void complete(@Nullable CompletableFuture<Void> waited) {
        if (waited != null) {
            waited.complete(null);
        }
    }

    /** A call whose stage was waited for is over: its lane goes on, on a thread of its own if there is work. */
    private void finished(Call call) {
        boolean more;
        CompletableFuture<Void> nowIdle;
        lock.lock();
        try {
            more = end(call) && goesOn();
            nowIdle = settle();
        } finally {
            lock.unlock();
        }
        complete(nowIdle);
        if (more) {
            Thread.startVirtualThread(this);
        }
    }

    /**
     * Gives up the lane of a running call for the rest of its run, once: it waits for its own client, whose answer may be
     * behind other calls. Does nothing for a call that has ended.
     */
    public void giveUpLane(Call call) {
        boolean more;
        lock.lock();
        try {
            more = call.loseLane() && goesOn();
        } finally {
            lock.unlock();
        }
        if (more) {
            Thread.startVirtualThread(this);
        }
    }

    /** Tells whether a lane has something to go on with; else it is free now. */
    private boolean goesOn() {
        if (first == null) {
            busyLanes--;
            return false;
        }
        startingLanes++;
        return true;
    }

    /** One call that waits for its turn. */
    public abstract static class Call {

        private final int bytes;
        private @Nullable Call next;
        private @Nullable Call previous;

        /** The thread that runs it in a lane now. */
        private volatile @Nullable Thread runner;

        /** Whether it holds a lane now, and whether it has lost it, by its end or before; guarded by the mailbox. */
        private boolean holdsLane;

        private boolean lostLane;

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

        /** Begins to hold a lane; false if it was given up already, as a call that ran on its reader may have done. */
        private boolean takeLane() {
            holdsLane = !lostLane;
            return holdsLane;
        }

        /** Holds no lane from now on; true if it did. */
        private boolean loseLane() {
            boolean held = holdsLane;
            holdsLane = false;
            lostLane = true;
            return held;
        }
    }

    /** Whoever adds calls. */
    interface Reader {

        /** Runs the mailbox on a virtual thread soon. On the reader's own thread. */
        void startLane(Mailbox mailbox);

        /** Half of the room is free again after {@link #isFull}. On a lane's thread. */
        void roomAgain();
    }
}
