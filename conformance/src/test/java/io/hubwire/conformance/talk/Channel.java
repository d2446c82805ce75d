package io.hubwire.conformance.talk;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What came in on one channel and is not yet looked at. Any thread puts, one takes. */
final class Channel {

    static final String NOTHING = "(nothing)";

    private static final Pattern KEEP_ALIVE =
            Pattern.compile("text \\{\"type\":6}␞|binary 02 91 06|event data: \\{\"type\":6}␞");

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    void put(String event) {
        events.add(event);
    }

    /** The next event, or {@link #NOTHING} when none comes in time. */
    String next(Duration patience, boolean pingsMatter) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            String event = events.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (event == null) {
                return NOTHING;
            }
            if (pingsMatter || !KEEP_ALIVE.matcher(event).matches()) {
                return event;
            }
        }
    }
}
