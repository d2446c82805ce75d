package io.hubwire.conformance.judge;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the hubs of one judged server saw, in order. Safe for any thread. */
final class Events {

    private final List<Map<String, String>> seen = new CopyOnWriteArrayList<>();

    void add(String event, String connectionId, String detail) {
        seen.add(Map.of("event", event, "id", connectionId, "detail", detail));
    }

    List<Map<String, String>> seen() {
        return seen;
    }
}
