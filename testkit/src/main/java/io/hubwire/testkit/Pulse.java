package io.hubwire.testkit;

import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.Optional;

/** Pings of a client at the times that a clock says, from its thread. */
final class Pulse {

    private final Optional<Scheduler> clock;
    private final Duration interval;
    private final Runnable ping;
    private volatile boolean over;

    /**
     * Makes a pulse that has not begun.
     *
     * @param clock says the times; without one, there are no pings
     * @param interval zero for no pings
     */
    Pulse(Optional<Scheduler> clock, Duration interval, Runnable ping) {
        this.clock = clock;
        this.interval = interval;
        this.ping = ping;
    }

    void begin() {
        if (!interval.isZero()) {
            clock.ifPresent(time -> time.schedule(interval, this::beat));
        }
    }

    private void beat() {
        if (!over) {
            ping.run();
            begin();
        }
    }

    void end() {
        over = true;
    }
}
