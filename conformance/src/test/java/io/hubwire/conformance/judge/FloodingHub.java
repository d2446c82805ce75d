package io.hubwire.conformance.judge;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;

/** Says more than its client takes. */
public final class FloodingHub extends Hub {

    private static final int KEYS = 10;
    private static final String MUCH = "x".repeat(250);

    private final Events events;

    FloodingHub(Events events) {
        this.events = events;
    }

    /** Calls a method of the caller so often, with a key and a number, whether it takes that or not; then says so. */
    public void flood(String method, int times) {
        ClientProxy caller = clients().caller();
        for (int number = 1; number <= times; number++) {
            caller.send(method, "key " + number % KEYS, number, MUCH);
        }
        caller.send("flooded");
        events.add("flooded", context().connectionId(), method);
    }
}
