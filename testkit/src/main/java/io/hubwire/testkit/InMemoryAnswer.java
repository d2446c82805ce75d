package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has come back of a request. On the loop only. */
final class InMemoryAnswer {

    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
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
        byte[] copy = new byte[piece.remaining()];
        piece.duplicate().get(copy);
        bytes.writeBytes(copy);
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
        return bytes.size() - taken;
    }

    String take(int count) {
        String text =
                UTF_8.decode(ByteBuffer.wrap(bytes.toByteArray(), taken, count)).toString();
        taken += count;
        return text;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isOver() {
        return ended || cutOff;
    }
}
