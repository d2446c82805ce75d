package io.hubwire.server.options;

import java.time.Duration;

/**
 * How many calls one connection may make: a budget that refills evenly. Every call counts, those for methods that do not
 * exist and those whose arguments do not fit as well; elements of streams do not. Immutable.
 */
public final class RateLimit {

    private static final RateLimit NONE = new RateLimit(0, Duration.ofSeconds(1), 0, false);

    private final int calls;
    private final Duration period;
    private final int burst;
    private final boolean closing;

    private RateLimit(int calls, Duration period, int burst, boolean closing) {
        this.calls = calls;
        this.period = period;
        this.burst = burst;
        this.closing = closing;
    }

    /** No limit. */
    public static RateLimit none() {
        return NONE;
    }

    /**
     * So many calls in so much time, which may be made at once; more are answered with an error.
     *
     * @throws IllegalArgumentException if {@code calls} is below 1 or {@code period} not above zero
     */
    public static RateLimit of(int calls, Duration period) {
        return new RateLimit(Checks.atLeast("calls", 1, calls), Checks.positive("period", period), calls, false);
    }

    /**
     * The same limit with another number of calls that may be made at once after a pause.
     *
     * @throws IllegalArgumentException if below 1
     */
    public RateLimit withBurst(int value) {
        return new RateLimit(calls, period, Checks.atLeast("burst", 1, value), closing);
    }

    /** The same limit, which ends the connection of whoever exceeds it: the client is told why, and not to come back. */
    public RateLimit closing() {
        return new RateLimit(calls, period, burst, true);
    }

    /** Whether there is a limit at all. */
    public boolean isLimited() {
        return calls > 0;
    }

    /** How many calls the budget gains in one {@link #period}. */
    public int calls() {
        return calls;
    }

    /** The time in which the budget gains {@link #calls}. */
    public Duration period() {
        return period;
    }

    /** The most that the budget holds. */
    public int burst() {
        return burst;
    }

    /** Whether the connection of whoever exceeds the limit is closed; otherwise the calls beyond it fail. */
    public boolean isClosing() {
        return closing;
    }

    @Override
    public String toString() {
        return isLimited()
                ? calls + " in " + period + ", " + burst + " at once" + (closing ? ", then close" : "")
                : "none";
    }
}
