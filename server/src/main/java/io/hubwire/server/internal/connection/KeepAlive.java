package io.hubwire.server.internal.connection;

import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one connection: first the handshake timeout, then pings and the client timeout.
 *
 * <p>One entry in the scheduler's wheel, moved on each time it is due; none over long polling, where the polls are the
 * sign of life. {@link #heard} comes from the reader, everything else from the scheduler.
 */
final class KeepAlive implements Runnable {

    private final Scheduler scheduler;
    private final long pingEvery;
    private final long clientTimeout;
    private final Patient patient;
    private volatile Scheduler.@Nullable Timer timer;
    private volatile boolean stopped;
    private volatile boolean armed;
    private volatile boolean paused;
    private volatile long heardAt;
    private long nextPing;
    private volatile boolean shaking = true;

    KeepAlive(Scheduler scheduler, HubOptions options, Patient patient) {
        this.scheduler = scheduler;
        this.pingEvery = options.keepAliveInterval().toNanos();
        this.clientTimeout = options.clientTimeoutInterval().toNanos();
        this.patient = patient;
        this.timer = scheduler.schedule(options.handshakeTimeout(), this);
    }

    /** The handshake is over: from now on the client is pinged, unless its transport does without. */
    void handshakeDone(boolean pings) {
        cancel();
        shaking = false;
        if (pings) {
            nextPing = scheduler.nanoTime() + pingEvery;
            reschedule(nextPing);
        } else {
            stopped = true;
        }
    }

    /** The client sent a ping: from now on it is expected to go on doing so. */
    void pinged() {
        if (!armed && !stopped) {
            heardAt = scheduler.nanoTime();
            armed = true;
            cancel();
            reschedule(due());
        }
    }

    /** Something came from the client. */
    void heard() {
        if (armed) {
            heardAt = scheduler.nanoTime();
        }
    }

    /** The server has stopped reading, or goes on: silence is not the client's fault meanwhile. */
    void paused(boolean now) {
        heard();
        paused = now;
    }

    /** The connection ends. */
    void stop() {
        stopped = true;
        cancel();
    }

    private void cancel() {
        Scheduler.Timer running = timer;
        if (running != null) {
            running.cancel();
        }
    }

    private long due() {
        return armed ? Math.min(nextPing, heardAt + clientTimeout) : nextPing;
    }

    private void reschedule(long at) {
        timer = scheduler.schedule(Duration.ofNanos(Math.max(1, at - scheduler.nanoTime())), this);
        if (stopped) {
            cancel();
        }
    }

    @Override
    public void run() {
        if (stopped) {
            return;
        }
        if (shaking) {
            patient.handshakeTimedOut();
            return;
        }
        long now = scheduler.nanoTime();
        if (armed && paused) {
            heardAt = now;
        }
        if (armed && now - heardAt >= clientTimeout) {
            patient.clientTimedOut(new CancellationException(ErrorTexts.CLIENT_TIMEOUT));
            return;
        }
        if (now - nextPing >= 0) {
            nextPing = now + pingEvery;
            patient.ping();
        }
        reschedule(due());
    }

    /** The connection that is looked after. */
    interface Patient {

        /** Time to say that we are here. */
        void ping();

        /** There was no whole handshake in time. */
        void handshakeTimedOut();

        /** The client has been silent for too long. */
        void clientTimedOut(CancellationException why);
    }
}
