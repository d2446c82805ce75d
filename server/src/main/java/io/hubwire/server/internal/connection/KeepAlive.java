package io.hubwire.server.internal.connection;

import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * The clock of one connection: first the handshake timeout, then pings and the client timeout.
 *
 * <p>One entry in the scheduler's wheel, moved on each time it is due; none over long polling, where the polls are the
 * sign of life. What comes from the client is noted by the reader and looked at when the entry is due, which is never
 * later than a client that begins to be silent now may be.
 */
final class KeepAlive implements Runnable {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Scheduler scheduler;
    private final long pingEvery;
    private final long clientTimeout;
    private final Patient patient;
    private volatile Scheduler.Timer timer;
    private volatile boolean stopped;
    private volatile boolean armed;
    private volatile boolean paused;
    private volatile boolean away;
    private volatile long heardAt;

    /** Set before the first ping is scheduled; the scheduler's own from then on. */
    private long nextPing;

    KeepAlive(Scheduler scheduler, HubOptions options, Patient patient) {
        this.scheduler = scheduler;
        this.pingEvery = nanos(options.keepAliveInterval());
        this.clientTimeout = nanos(options.clientTimeoutInterval());
        this.patient = patient;
        this.timer = scheduler.schedule(options.handshakeTimeout(), patient::handshakeTimedOut);
    }

    private static long nanos(Duration duration) {
        return (duration.compareTo(LONGEST) < 0 ? duration : LONGEST).toNanos();
    }

    /** The handshake is over: from now on the client is pinged, unless its transport does without. */
    void handshakeDone(boolean pings) {
        timer.cancel();
        if (pings) {
            long now = scheduler.nanoTime();
            nextPing = now + pingEvery;
            schedule(now);
        } else {
            stopped = true;
        }
    }

    /** The client sent a ping: from now on it is expected to go on doing so. */
    void pinged() {
        if (!armed) {
            heardAt = scheduler.nanoTime();
            armed = true;
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

    /** The client has lost its socket, or is back: meanwhile it is neither pinged nor expected to speak. */
    void away(boolean now) {
        heard();
        away = now;
    }

    /** The connection ends. */
    void stop() {
        stopped = true;
        timer.cancel();
    }

    private void schedule(long now) {
        long silentSince = armed && !paused && !away ? heardAt : now;
        long due = Math.min(nextPing - now, silentSince + clientTimeout - now);
        timer = scheduler.schedule(Duration.ofNanos(Math.max(1, due)), this);
        if (stopped) {
            timer.cancel();
        }
    }

    @Override
    public void run() {
        if (stopped) {
            return;
        }
        long now = scheduler.nanoTime();
        if (armed && !paused && !away && now - heardAt >= clientTimeout) {
            patient.clientTimedOut(new CancellationException(ErrorTexts.CLIENT_TIMEOUT));
            return;
        }
        if (now - nextPing >= 0) {
            nextPing = now + pingEvery;
            if (!away) {
                patient.ping();
            }
        }
        schedule(now);
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
