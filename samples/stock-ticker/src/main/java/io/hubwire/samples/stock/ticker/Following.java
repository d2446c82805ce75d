package io.hubwire.samples.stock.ticker;

import io.hubwire.server.hub.GroupManager;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one page follows: it is in the group of a stock while it has a stream of it, or several, as it has for a moment when
 * it begins one before another has ended. Safe for any thread.
 */
final class Following {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> streams = new HashMap<>();

    void begin(GroupManager groups, String connectionId, String symbol) {
        lock.lock();
        try {
            if (streams.merge(symbol, 1, Integer::sum) == 1) {
                await(groups.add(connectionId, symbol));
            }
        } finally {
            lock.unlock();
        }
    }

    void end(GroupManager groups, String connectionId, String symbol) {
        lock.lock();
        try {
            if (streams.merge(symbol, -1, Integer::sum) == 0) {
                await(groups.remove(connectionId, symbol));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A hub may block: its calls run on virtual threads. */
    private static void await(CompletionStage<Void> change) {
        change.toCompletableFuture().join();
    }
}
