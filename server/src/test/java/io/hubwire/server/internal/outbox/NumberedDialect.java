package io.hubwire.server.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A dialect as that of classic clients: {@code {"C":"instance-number","M":[message,message]}}, where the cursor names the
 * newest numbered message that the client has after the frame.
 */
public final class NumberedDialect implements Dialect {

    private final int messagesPerFrame;
    private final AtomicInteger encoded = new AtomicInteger();

    /** A dialect whose frames carry at most so many messages. */
    public NumberedDialect(int messagesPerFrame) {
        this.messagesPerFrame = messagesPerFrame;
    }

    /** How many messages were encoded. */
    public int encoded() {
        return encoded.get();
    }

    @Override
    public String name() {
        return "numbered";
    }

    @Override
    public int messagesPerFrame() {
        return messagesPerFrame;
    }

    @Override
    public ByteBuffer encode(Message.Call call) {
        encoded.incrementAndGet();
        return UTF_8.encode("{\"M\":\"" + call.target() + "\",\"A\":["
                + call.arguments().stream().map(String::valueOf).collect(Collectors.joining(",")) + "]}");
    }

    @Override
    public ByteBuffer frame(Waiting waiting) {
        var frame = new StringBuilder("{\"C\":\"" + waiting.instance() + "-" + waiting.position() + "\",\"M\":[");
        for (int i = 0; i < waiting.size(); i++) {
            frame.append(i == 0 ? "" : ",").append(UTF_8.decode(waiting.next()));
        }
        return UTF_8.encode(frame + "]}");
    }

    /** The cursor in a frame. */
    public static Cursor cursor(String frame) {
        String cursor = frame.substring("{\"C\":\"".length(), frame.indexOf("\",\"M\""));
        int dash = cursor.lastIndexOf('-');
        return new Cursor(cursor.substring(0, dash), Long.parseLong(cursor.substring(dash + 1)));
    }

    /** The messages in a frame. */
    public static String messages(String frame) {
        return frame.substring(frame.indexOf(":[") + 2, frame.length() - 2);
    }

    /** Where a client stands. */
    public record Cursor(String instance, long number) {}
}
