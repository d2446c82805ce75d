package io.hubwire.conformance.judge;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;
import java.util.concurrent.atomic.AtomicLong;

/** Counts to its clients, and hears them count. */
public final class CountingHub extends Hub {

    private static final String SEEN = "seen";

    /** Counts to the caller, as fast as it acknowledges. */
    public void begin(int messages) {
        ClientProxy client = clients().caller();
        Thread.startVirtualThread(() -> {
            for (int number = 1; number <= messages; number++) {
                client.send("number", number).toCompletableFuture().join();
            }
        });
    }

    /** The next number of the caller. */
    public void take(long number) {
        AtomicLong last = (AtomicLong) context().items().computeIfAbsent(SEEN, first -> new AtomicLong());
        if (!last.compareAndSet(number - 1, number)) {
            context().items().putIfAbsent("wrong", number + " after " + last);
        }
    }

    /** The last number of the caller, or what was wrong with one. */
    public String seen() {
        return String.valueOf(
                context().items().getOrDefault("wrong", context().items().get(SEEN)));
    }
}
