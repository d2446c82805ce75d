package io.hubwire.server.internal.dispatch;

import io.hubwire.server.options.RateLimit;
import io.hubwire.server.spi.Scheduler;
import java.time.Duration;

/** What is left of one connection's {@link RateLimit}. Confined to the connection's reader. */
final class CallBudget {

    /** Longer than any connection, and can be counted in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    private final RateLimit limit;
    private final Scheduler time;
    private final double perNano;
    private double left;
    private long filledAt;

    CallBudget(RateLimit limit, Scheduler time) {
        this.limit = limit;
        this.time = time;
        Duration period = limit.period().compareTo(LONGEST) < 0 ? limit.period() : LONGEST;
        this.perNano = (double) limit.calls() / period.toNanos();
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
