package io.hubwire.server.internal.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** The text/event-stream format: one event for each unit, each of its lines behind {@code data: }. */
final class EventStream {

    private static final byte[] DATA = "data: ".getBytes(US_ASCII);
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private EventStream() {}

    /** A comment: forces the headers out, and through whatever buffers on the way. */
    static ByteBuffer comment() {
        return ByteBuffer.wrap(":\r\n".getBytes(US_ASCII));
    }

    /** The event that carries {@code unit}, which is read to its end. */
    static ByteBuffer event(ByteBuffer unit) {
        int lines = 1;
        for (int i = unit.position(); i < unit.limit(); i++) {
            if (unit.get(i) == LF) {
                lines++;
            }
        }
        // Each line gains its prefix and at most two bytes for its end, the event two more.
        ByteBuffer event = ByteBuffer.allocate(unit.remaining() + lines * (DATA.length + 2) + 2);
        while (lines-- > 1) {
            line(unit, endOfLine(unit), event);
        }
        event.put(DATA).put(unit).put(CR).put(LF).put(CR).put(LF);
        return event.flip();
    }

    private static int endOfLine(ByteBuffer unit) {
        int end = unit.position();
        while (unit.get(end) != LF) {
            end++;
        }
        return end;
    }

    private static void line(ByteBuffer unit, int end, ByteBuffer event) {
        int start = unit.position();
        int trimmed = end > start && unit.get(end - 1) == CR ? end - 1 : end;
        event.put(DATA).put(unit.slice(start, trimmed - start)).put(CR).put(LF);
        unit.position(end + 1);
    }
}
