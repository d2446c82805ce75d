package io.hubwire.server.internal.dispatch;

import io.hubwire.server.options.RateLimit;
import io.hubwire.server.spi.Scheduler;

/** What is left of one connection's {@link RateLimit}. Confined to the connection's reader. */
final class CallBudget {

    private final RateLimit limit;
    private final Scheduler time;
    private final double perNano;
    private double left;
    private long filledAt;

    CallBudget(RateLimit limit, Scheduler time) {
        this.limit = limit;
        this.time = time;
        this.perNano = (double) limit.calls() / limit.period().toNanos();
        this.left = limit.burst();
        this.filledAt = time.nanoTime();
    }

    /** Takes one call from the budget; false if nothing is left. */
    boolean take() {
        long now = time.nanoTime();
        left = Math.min(limit.burst(), left + (now - filledAt) * perNano);
        filledAt = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
