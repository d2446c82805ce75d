package io.hubwire.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What has come back of a request. On the loop only. */
final class InMemoryAnswer {

    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte[] bytes = new byte[1024];
    private int end;
    private int status;
    private int taken;
    private boolean ended;
    private boolean cutOff;

    void header(String name, String value) {
        headers.add(Map.entry(name, value));
    }

    void begin(int code) {
        status = code;
    }

    void add(ByteBuffer piece) {
        int more = piece.remaining();
        if (end + more > bytes.length) {
            bytes = Arrays.copyOfRange(bytes, taken, taken + 2 * (available() + more));
            end -= taken;
            taken = 0;
        }
        piece.duplicate().get(bytes, end, more);
        end += more;
    }

    void end() {
        ended = true;
    }

    void cutOff() {
        cutOff = !ended;
    }

    int status() {
        return status;
    }

    List<String> headers(String name) {
        return headers.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    int available() {
        return end - taken;
    }

    byte[] take(int count) {
        byte[] next = Arrays.copyOfRange(bytes, taken, taken + count);
        taken += count;
        return next;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isOver() {
        return ended || cutOff;
    }
}
