package io.hubwire.benchmarks;

import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the load generator calls, written as a user would write it; broadcasts go to the client method {@code m}. */
public class BenchHub extends Hub {

    private static final int ITEM_LENGTH = 100;

    /** As the generator's own strings are. */
    private static final String ITEM = IntStream.range(0, ITEM_LENGTH)
            .mapToObj(i -> String.valueOf((char) ('a' + i % 26)))
            .collect(Collectors.joining());

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

    /** Returns so many strings of 100 characters. */
    public HubStream<String> stream(int items) {
        return HubStream.of(out -> {
            for (int i = 0; i < items; i++) {
                out.send(ITEM);
            }
        });
    }
}
