package io.hubwire.server.internal.transport;

import io.hubwire.server.spi.EventLoop;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The turn of each event loop that is in use. Safe for any thread; keeps no loop alive. */
final class Turns {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<EventLoop, WeakReference<Turn>> known = new WeakHashMap<>();

    Turn of(EventLoop loop) {
        lock.lock();
        try {
            WeakReference<Turn> reference = known.get(loop);
            Turn turn = reference == null ? null : reference.get();
            if (turn == null) {
                turn = new Turn(loop);
                known.put(loop, new WeakReference<>(turn));
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }
}
