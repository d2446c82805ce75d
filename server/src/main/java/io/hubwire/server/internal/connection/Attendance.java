package io.hubwire.server.internal.connection;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Who is connected to a server, and how much is still done for those who come or have gone. Safe for any thread. */
final class Attendance {

    private final Set<HubConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger errands = new AtomicInteger();
    private final AtomicReference<@Nullable CompletableFuture<Void>> whenEmpty = new AtomicReference<>();

    Set<HubConnection> connections() {
        return connections;
    }

    /** The server goes away; done when nobody is left and nothing is done for anybody. */
    CompletionStage<Void> whenEmpty() {
        whenEmpty.compareAndSet(null, new CompletableFuture<>());
        lookAround();
        return Objects.requireNonNull(whenEmpty.get()).minimalCompletionStage();
    }

    boolean isLeaving() {
        return whenEmpty.get() != null;
    }

    /** Runs a part of somebody's coming or going on a virtual thread. */
    void errand(Runnable task) {
        errands.incrementAndGet();
        Thread.startVirtualThread(() -> {
            try {
                task.run();
            } finally {
                if (errands.decrementAndGet() == 0) {
                    lookAround();
                }
            }
        });
    }

    void remove(HubConnection connection) {
        connections.remove(connection);
        lookAround();
    }

    private void lookAround() {
        CompletableFuture<Void> waited = whenEmpty.get();
        if (waited != null && connections.isEmpty() && errands.get() == 0) {
            // What the application does then is not for the thread that brings the news.
            Thread.startVirtualThread(() -> waited.complete(null));
        }
    }
}
