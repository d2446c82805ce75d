package io.hubwire.server.internal.dispatch;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one client that run beside its mailbox, each on a thread of its own: those that return a stream, and those
 * that take one.
 *
 * <p>They begin on the connection's reader and end anywhere.
 */
final class Aside {

    private final Map<String, Invoke> streams = new ConcurrentHashMap<>(4);
    private final Set<Invoke> others = ConcurrentHashMap.newKeySet(4);
    private final ReentrantLock lock = new ReentrantLock();
    private int running;
    private boolean shut;
    private boolean cancelled;
    private @Nullable CompletableFuture<Void> whenIdle;

    /** Whether a stream runs by this id. */
    boolean isInUse(String id) {
        return streams.containsKey(id);
    }

    /** How many calls run that return a stream. */
    int streams() {
        return streams.size();
    }

    /** How many run that return none. */
    int others() {
        return others.size();
    }

    /** Starts a call; false if none are taken any more. */
    boolean begin(Invoke call) {
        boolean late;
        lock.lock();
        try {
            if (shut) {
                return false;
            }
            running++;
            if (call instanceof InvokeStream && call.invocationId() != null) {
                streams.put(call.invocationId(), call);
            } else {
                others.add(call);
            }
            late = cancelled;
        } finally {
            lock.unlock();
        }
        if (late) {
            call.cancel();
        }
        call.startAside();
        return true;
    }

    /** A call is about to be answered: the client may use its id again as soon as it hears that. */
    void answered(Invoke call) {
        if (call instanceof InvokeStream && call.invocationId() != null) {
            streams.remove(call.invocationId(), call);
        } else {
            others.remove(call);
        }
    }

    /** A call is over, answered or not. */
    void end(Invoke call) {
        answered(call);
        CompletableFuture<Void> idle = null;
        lock.lock();
        try {
            if (--running == 0) {
                idle = whenIdle;
            }
        } finally {
            lock.unlock();
        }
        if (idle != null) {
            idle.complete(null);
        }
    }

    /** The client does not want this answer any more; false if nothing of that name runs here. */
    boolean cancel(String id) {
        Invoke call = streams.get(id);
        if (call == null) {
            call = others.stream()
                    .filter(each -> id.equals(each.invocationId()))
                    .findFirst()
                    .orElse(null);
        }
        if (call == null) {
            return false;
        }
        return call.cancelIfAllowed();
    }

    /** The client is gone: streams to it are of no use, those that take streams notice by themselves. */
    void cancelStreams() {
        lock.lock();
        try {
            cancelled = true;
        } finally {
            lock.unlock();
        }
        streams.values().forEach(Invoke::cancel);
    }

    /** Takes nothing more; done when everything has ended. */
    CompletionStage<Void> windDown() {
        lock.lock();
        try {
            shut = true;
            if (running == 0) {
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
}
