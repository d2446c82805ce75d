package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;

/** The head of an answer: names and values in the order in which they were added. */
final class Fields {

    private static final int STATUS_LINE = 64;
    private static final String SEPARATORS = "()<>@,;:\\\"/[]?={}";

    private final List<String> namesAndValues = new ArrayList<>(8);
    private int size = STATUS_LINE;

    /**
     * Adds one.
     *
     * @throws IllegalArgumentException if it would break the head apart
     */
    Fields add(String name, String value) {
        if (name.isEmpty() || !name.chars().allMatch(Fields::isToken)) {
            throw new IllegalArgumentException("name: " + name + " (expected: a token)");
        }
        if (!value.chars().allMatch(Fields::isText)) {
            throw new IllegalArgumentException("value of " + name + " (expected: no control characters)");
        }
        return put(name, value);
    }

    /** Adds one of the host's own. */
    Fields put(String name, String value) {
        namesAndValues.add(name);
        namesAndValues.add(value);
        size += name.length() + value.length() + 4;
        return this;
    }

    /** Tells how many bytes the head takes at the most. */
    int size() {
        return size;
    }

    void writeTo(ByteBuf out, HttpResponseStatus status) {
        ascii(out, "HTTP/1.1 ");
        ascii(out, status.codeAsText().toString());
        out.writeByte(' ');
        ascii(out, reason(status));
        line(out);
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            ascii(out, namesAndValues.get(i));
            out.writeByte(':').writeByte(' ');
            ascii(out, namesAndValues.get(i + 1));
            line(out);
        }
        line(out);
    }

    /** The words of today where the library still has those of yesterday. */
    private static String reason(HttpResponseStatus status) {
        return switch (status.code()) {
            case 413 -> "Payload Too Large";
            case 414 -> "URI Too Long";
            default -> status.reasonPhrase();
        };
    }

    private static void ascii(ByteBuf out, String text) {
        out.writeCharSequence(text, ISO_8859_1);
    }

    private static void line(ByteBuf out) {
        out.writeByte('\r').writeByte('\n');
    }

    private static boolean isText(int character) {
        return character == '\t' || (character >= ' ' && character != 0x7f);
    }

    private static boolean isToken(int character) {
        return character > ' ' && character < 0x7f && SEPARATORS.indexOf(character) < 0;
    }
}
