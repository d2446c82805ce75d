package io.hubwire.server.internal.connection;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.Scheduler;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** What all connections of a server share. */
public final class ConnectionServices {

    private final Scheduler scheduler;
    private final Map<EventLoop, HandOver> handOvers = new ConcurrentHashMap<>();
    private final Attendance attendance = new Attendance();

    /** Shares this source of time. */
    public ConnectionServices(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Where time comes from. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Every connection that is not over. */
    public Set<HubConnection> connections() {
        return attendance.connections();
    }

    /**
     * The server goes away: connections that come from now on are sent away at once.
     *
     * @return done when there is none left and every hub has seen its clients off
     */
    public CompletionStage<Void> whenEmpty() {
        return attendance.whenEmpty();
    }

    Attendance attendance() {
        return attendance;
    }

    HandOver handOver(EventLoop loop) {
        HandOver known = handOvers.get(loop);
        return known != null ? known : handOvers.computeIfAbsent(loop, HandOver::new);
    }
}
