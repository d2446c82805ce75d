package io.hubwire.protocol.internal.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A JSON text that grows.
 *
 * <p>Writes values and constant pieces; what is put between them is the caller's. Strings are escaped as little as JSON
 * allows, half of a surrogate pair becomes U+FFFD. Confined to one thread.
 */
public final class JsonWriter extends OutputStream {

    /** Up to here a string is written character by character, which spares a copy. */
    private static final int SHORT = 4;

    private static final int LONGEST_ESCAPE = 6;
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] SMALLEST = "-9223372036854775808".getBytes(ISO_8859_1);
    private static final double EXACT = 1e15;

    /** What stands behind the backslash, for those that have a short escape. */
    private static final byte[] LETTERS = letters();

    private byte[] bytes;
    private int at;

    /** Creates an empty text with room for about {@code size} bytes. */
    public JsonWriter(int size) {
        bytes = new byte[size];
    }

    /** Returns what was written; the writer is not to be used any more. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, at);
    }

    @Override
    public void write(int next) {
        room(1);
        bytes[at++] = (byte) next;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, at, length);
        at += length;
    }

    /** Writes these bytes as they are. */
    public JsonWriter raw(byte[] piece) {
        write(piece, 0, piece.length);
        return this;
    }

    /** Writes a character of ASCII as it is. */
    public JsonWriter raw(char character) {
        write(character);
        return this;
    }

    /** Writes {@code null}. */
    public JsonWriter nothing() {
        return ascii("null");
    }

    /** Writes {@code true} or {@code false}. */
    public JsonWriter bool(boolean value) {
        return ascii(value ? "true" : "false");
    }

    /** Writes an integer. */
    public JsonWriter integer(long value) {
        if (value == Long.MIN_VALUE) {
            return raw(SMALLEST);
        }
        long left = Math.abs(value);
        int length = digits(left);
        room(length + 1);
        if (value < 0) {
            bytes[at++] = '-';
        }
        for (int place = at + length - 1; place >= at; place--) {
            bytes[place] = (byte) ('0' + left % 10);
            left /= 10;
        }
        at += length;
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long left = value; left >= 10; left /= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes a number, which must be finite. */
    public JsonWriter number(double value) {
        return isShort(value) ? integer((long) value) : ascii(Double.toString(value));
    }

    /** Writes a number, which must be finite. */
    public JsonWriter number(float value) {
        return isShort(value) ? integer((long) value) : ascii(Float.toString(value));
    }

    /** Tells whether the number is written as an integer: negative zero is not, since it would lose its sign. */
    private static boolean isShort(double value) {
        return value == Math.rint(value) && Math.abs(value) < EXACT && (value != 0 || 1 / value > 0);
    }

    private JsonWriter ascii(String text) {
        return raw(text.getBytes(ISO_8859_1));
    }

    /** Writes a string with its quotes. */
    public JsonWriter string(String text) {
        int start = at;
        if (text.length() <= SHORT ? copyShort(text) : copyLong(text)) {
            return this;
        }
        at = start;
        return encode(text);
    }

    /** Writes a short string in which nothing needs to be escaped, or returns false. */
    private boolean copyShort(String text) {
        int length = text.length();
        room(length + 2);
        byte[] target = bytes;
        int to = at;
        target[to++] = '"';
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            if (character < ' ' || character == '"' || character == '\\' || character > '~') {
                return false;
            }
            target[to++] = (byte) character;
        }
        target[to++] = '"';
        at = to;
        return true;
    }

    /** Writes a string, or returns false if a question mark in its bytes may stand for half of a surrogate pair. */
    private boolean copyLong(String text) {
        byte[] source = text.getBytes(UTF_8);
        boolean onePlaceEach = source.length == text.length();
        room(source.length + 2);
        bytes[at++] = '"';
        int from = 0;
        int scanned = 0;
        while (true) {
            int special = Swar.escapeOrQuestion(source, scanned, source.length);
            scanned = special + 1;
            if (special < source.length && source[special] == '?') {
                if (!onePlaceEach || text.charAt(special) != '?') {
                    return false;
                }
                continue;
            }
            write(source, from, special - from);
            if (special == source.length) {
                return closeString();
            }
            room(LONGEST_ESCAPE);
            escape(source[special]);
            from = scanned;
        }
    }

    private boolean closeString() {
        write('"');
        return true;
    }

    private JsonWriter encode(String text) {
        int length = text.length();
        room(length + 2);
        bytes[at++] = '"';
        for (int i = 0; i < length; i++) {
            room(LONGEST_ESCAPE);
            char character = text.charAt(i);
            if (character < ' ' || character == '"' || character == '\\') {
                escape(character);
            } else if (!Character.isSurrogate(character)) {
                character(character);
            } else if (i + 1 < length && Character.isSurrogatePair(character, text.charAt(i + 1))) {
                character(Character.toCodePoint(character, text.charAt(++i)));
            } else {
                character(0xFFFD);
            }
        }
        return raw('"');
    }

    private void character(int point) {
        if (point < 0x80) {
            bytes[at++] = (byte) point;
        } else if (point < 0x800) {
            bytes[at++] = (byte) (0xC0 | (point >> 6));
            bytes[at++] = continuation(point);
        } else if (point < 0x10000) {
            bytes[at++] = (byte) (0xE0 | (point >> 12));
            bytes[at++] = continuation(point >> 6);
            bytes[at++] = continuation(point);
        } else {
            bytes[at++] = (byte) (0xF0 | (point >> 18));
            bytes[at++] = continuation(point >> 12);
            bytes[at++] = continuation(point >> 6);
            bytes[at++] = continuation(point);
        }
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    private void escape(int character) {
        bytes[at++] = '\\';
        byte letter = LETTERS[character];
        if (letter != 0) {
            bytes[at++] = letter;
            return;
        }
        bytes[at++] = 'u';
        bytes[at++] = '0';
        bytes[at++] = '0';
        bytes[at++] = HEX[character >> 4];
        bytes[at++] = HEX[character & 0xF];
    }

    private static byte[] letters() {
        byte[] letters = new byte['\\' + 1];
        letters['\b'] = 'b';
        letters['\f'] = 'f';
        letters['\n'] = 'n';
        letters['\r'] = 'r';
        letters['\t'] = 't';
        letters['"'] = '"';
        letters['\\'] = '\\';
        return letters;
    }

    private void room(int more) {
        if (more > bytes.length - at) {
            grow(more);
        }
    }

    private void grow(int more) {
        long half = bytes.length + (bytes.length / 2L);
        bytes = Arrays.copyOf(bytes, (int) Math.max((long) at + more + LONGEST_ESCAPE, Math.min(half, LONGEST_ARRAY)));
    }
}
