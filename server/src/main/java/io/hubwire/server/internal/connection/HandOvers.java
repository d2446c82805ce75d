package io.hubwire.server.internal.connection;

import io.hubwire.server.spi.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The hand-over of each event loop. Safe for any thread. */
final class HandOvers {

    private final Map<EventLoop, HandOver> byLoop = new ConcurrentHashMap<>();

    HandOver of(EventLoop loop) {
        HandOver known = byLoop.get(loop);
        return known != null ? known : byLoop.computeIfAbsent(loop, HandOver::new);
    }
}
