package io.hubwire.testkit;

import io.hubwire.server.spi.Sent;
import org.jspecify.annotations.Nullable;

/** The way from the server to one client: one write at a time, and as slow as the client likes. On the loop only. */
final class InMemoryWire {

    private boolean held;
    private boolean cut;
    private @Nullable Runnable waiting;
    private Sent sent = Sent.IGNORED;
    private Runnable afterwards = () -> {};

    /**
     * Writes.
     *
     * @param arrival what the client finds
     * @throws IllegalStateException if the write before has not ended
     */
    void write(Runnable arrival, Sent whenSent) {
        if (waiting != null) {
            throw new IllegalStateException("a write while another is in flight (expected: one at a time)");
        }
        if (cut) {
            whenSent.sent(false);
        } else if (held) {
            waiting = arrival;
            sent = whenSent;
            whenSent.waits();
        } else {
            arrival.run();
            whenSent.sent(true);
        }
    }

    /** What the host says by itself goes behind what is in flight. */
    void follow(Runnable arrival) {
        if (cut) {
            return;
        }
        if (held && waiting != null) {
            Runnable before = afterwards;
            afterwards = () -> {
                before.run();
                arrival.run();
            };
        } else {
            arrival.run();
        }
    }

    void hold() {
        held = true;
    }

    void release() {
        held = false;
        Runnable arrival = waiting;
        if (arrival != null) {
            waiting = null;
            arrival.run();
            Runnable last = afterwards;
            afterwards = () -> {};
            last.run();
            sent.sent(true);
        }
    }

    void cut() {
        cut = true;
        if (waiting != null) {
            waiting = null;
            sent.sent(false);
        }
    }

    boolean isCut() {
        return cut;
    }
}
