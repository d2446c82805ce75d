package io.hubwire.server.internal.transport;

import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection does if nothing else happens in time.
 *
 * <p>Rings on the scheduler's thread and acts on the connection's loop, where it is also set and disarmed: one that rings
 * while it is being disarmed does nothing.
 */
final class Alarm {

    private final Connection connection;
    private final Runnable action;
    private boolean armed = true;
    private Scheduler.@Nullable Timer timer;

    private Alarm(Connection connection, Runnable action) {
        this.connection = connection;
        this.action = action;
    }

    /** Has {@code action} run on the connection's loop after {@code delay}, unless it is disarmed before. */
    static Alarm set(Scheduler scheduler, Duration delay, Connection connection, Runnable action) {
        Alarm alarm = new Alarm(connection, action);
        alarm.timer = scheduler.schedule(delay, alarm::ring);
        return alarm;
    }

    void disarm() {
        armed = false;
        if (timer != null) {
            timer.cancel();
        }
    }

    private void ring() {
        connection.later(this::act);
    }

    private void act() {
        if (armed) {
            armed = false;
            action.run();
        }
    }
}
