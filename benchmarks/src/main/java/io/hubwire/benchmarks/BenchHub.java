package io.hubwire.benchmarks;

import io.hubwire.server.hub.Hub;

/** What the load generator calls, written as a user would write it; broadcasts go to the client method {@code m}. */
public class BenchHub extends Hub {

    /** Returns what it was given. */
    public String echo(String text) {
        return text;
    }

    /** Does nothing with what it was given. */
    public void send(String text) {}

    /** Sends a text to every client. */
    public void broadcast(String text) {
        clients().all().send("m", text);
    }

    /** Puts the caller into a group. */
    public void join(String group) {
        groups().add(context().connectionId(), group);
    }

    /** Sends a text to the members of a group. */
    public void toGroup(String group, String text) {
        clients().group(group).send("m", text);
    }
}
