package io.hubwire.conformance.judge;

import io.hubwire.server.hub.Hub;

/** What may be called only so often. */
public sealed class LimitedHub extends Hub permits LimitedHub.Strict {

    LimitedHub() {}

    /** Returns what it was given. */
    public String echo(String text) {
        return text;
    }

    /** The same, whose limit costs the connection. */
    public static final class Strict extends LimitedHub {}
}
