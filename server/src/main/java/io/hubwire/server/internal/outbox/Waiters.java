package io.hubwire.server.internal.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Senders that wait for room. Guarded by the lock of their outbox. */
final class Waiters {

    private final List<CompletableFuture<Void>> waiting = new ArrayList<>(1);

    /** One more; done when it may go on. */
    CompletableFuture<Void> add() {
        if (!waiting.isEmpty() && waiting.getFirst().isDone()) {
            // Its patience has ended, and perhaps that of others.
            waiting.removeIf(CompletableFuture::isDone);
        }
        CompletableFuture<Void> room = new CompletableFuture<>();
        waiting.add(room);
        return room;
    }

    /** Lets them go on, if there are any: on threads of their own, since what they do next is the application's. */
    static void release(@Nullable Waiters some) {
        if (some != null) {
            some.waiting.forEach(waiter -> Thread.startVirtualThread(() -> waiter.complete(null)));
        }
    }
}
