package io.hubwire.server.internal.fanout;

import io.hubwire.server.hub.HubPresence;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The news that one watcher has not heard: told in order, by a virtual thread that lives only while there are any.
 *
 * <p>Safe for any thread.
 */
final class Watch implements Runnable {

    private final HubPresence.Watcher watcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Consumer<HubPresence.Watcher>> news = new ArrayDeque<>();
    private boolean telling;
    private volatile boolean stopped;

    Watch(HubPresence.Watcher watcher) {
        this.watcher = watcher;
    }

    void add(Consumer<HubPresence.Watcher> next) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            news.add(next);
            if (telling) {
                return;
            }
            telling = true;
        } finally {
            lock.unlock();
        }
        Thread.startVirtualThread(this);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        for (Consumer<HubPresence.Watcher> next = next(); next != null; next = next()) {
            try {
                next.accept(watcher);
            } catch (RuntimeException | Error thrown) {
                FanOutLog.watcherFailed(thrown);
            }
        }
    }

    private @Nullable Consumer<HubPresence.Watcher> next() {
        lock.lock();
        try {
            Consumer<HubPresence.Watcher> next = stopped ? null : news.poll();
            telling = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
