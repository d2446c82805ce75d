package io.hubwire.protocol.internal.msgpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/**
 * A MessagePack text that grows, with room for its length before it.
 *
 * <p>Everything is written in its shortest form. What an array or a map holds is the caller's. Half of a surrogate pair
 * becomes U+FFFD. Confined to one thread.
 */
public final class MessagePackWriter extends OutputStream {

    /** Up to here a string is written character by character, which spares a copy. */
    private static final int SHORT = 8;

    private static final int LONGEST_PREFIX = 5;
    private static final int LONGEST_HEAD = 5;
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;
    private static final int FIX_STRING = 31;
    private static final int FIX_CONTAINER = 15;
    private static final int SECONDS_BITS = 34;
    private static final long QUESTIONS = 0x3F3F3F3F3F3F3F3FL;

    private static final VarHandle TWO = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int at = LONGEST_PREFIX;

    /** Creates an empty text with room for about {@code size} bytes. */
    public MessagePackWriter(int size) {
        bytes = new byte[LONGEST_PREFIX + size];
    }

    /** Returns what was written; the writer is not to be used any more. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, LONGEST_PREFIX, at - LONGEST_PREFIX);
    }

    /** Returns what was written behind its length; the writer is not to be used any more. */
    public ByteBuffer frame() {
        int length = at - LONGEST_PREFIX;
        int groups = 1;
        while (groups < LONGEST_PREFIX && length >>> (7 * groups) != 0) {
            groups++;
        }
        int from = LONGEST_PREFIX - groups;
        for (int i = 0; i < groups; i++) {
            int group = (length >>> (7 * i)) & 0x7F;
            bytes[from + i] = (byte) (i < groups - 1 ? group | 0x80 : group);
        }
        return ByteBuffer.wrap(bytes, from, at - from);
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

    /** Writes nil. */
    public MessagePackWriter nothing() {
        return one(0xC0);
    }

    /** Writes a boolean. */
    public MessagePackWriter bool(boolean value) {
        return one(value ? 0xC3 : 0xC2);
    }

    /** Writes an integer. */
    public MessagePackWriter integer(long value) {
        if (value >= 0) {
            return value < 0x80 ? one((int) value) : unsigned(value);
        }
        if (value >= -32) {
            return one((int) value);
        }
        if (value >= Byte.MIN_VALUE) {
            return one(0xD0).one((int) value);
        }
        if (value >= Short.MIN_VALUE) {
            return one(0xD1).two((int) value);
        }
        return value >= Integer.MIN_VALUE
                ? one(0xD2).four((int) value)
                : one(0xD3).eight(value);
    }

    /** Writes an integer that uses all 64 bits, without a sign. */
    public MessagePackWriter unsigned(long value) {
        if (value >>> 8 == 0) {
            return value < 0x80 ? one((int) value) : one(0xCC).one((int) value);
        }
        if (value >>> 16 == 0) {
            return one(0xCD).two((int) value);
        }
        return value >>> 32 == 0 ? one(0xCE).four((int) value) : one(0xCF).eight(value);
    }

    /** Writes a float of 64 bits. */
    public MessagePackWriter number(double value) {
        return one(0xCB).eight(Double.doubleToRawLongBits(value));
    }

    /** Writes a float of 32 bits. */
    public MessagePackWriter number(float value) {
        return one(0xCA).four(Float.floatToRawIntBits(value));
    }

    /** Writes a string. */
    public MessagePackWriter string(String text) {
        if (text.length() <= SHORT && copyShort(text)) {
            return this;
        }
        byte[] encoded = utf8(text);
        int length = encoded.length;
        if (length <= FIX_STRING) {
            one(0xA0 | length);
        } else if (length <= 0xFF) {
            one(0xD9).one(length);
        } else {
            wide(0xDA, length);
        }
        write(encoded, 0, length);
        return this;
    }

    /** Writes a short string of ASCII, or returns false. */
    private boolean copyShort(String text) {
        int length = text.length();
        room(length + 1);
        byte[] target = bytes;
        int to = at;
        target[to++] = (byte) (0xA0 | length);
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            if (character > '~') {
                return false;
            }
            target[to++] = (byte) character;
        }
        at = to;
        return true;
    }

    /** Java writes a question mark for half of a surrogate pair. */
    private static byte[] utf8(String text) {
        byte[] encoded = text.getBytes(UTF_8);
        return mayHoldQuestion(encoded) && text.chars().anyMatch(unit -> Character.isSurrogate((char) unit))
                ? repaired(text).getBytes(UTF_8)
                : encoded;
    }

    private static boolean mayHoldQuestion(byte[] encoded) {
        int i = 0;
        for (; i <= encoded.length - Long.BYTES; i += Long.BYTES) {
            long zeroWhereEqual = (long) EIGHT.get(encoded, i) ^ QUESTIONS;
            if (((zeroWhereEqual - 0x0101010101010101L) & ~zeroWhereEqual & 0x8080808080808080L) != 0) {
                return true;
            }
        }
        while (i < encoded.length && encoded[i] != '?') {
            i++;
        }
        return i < encoded.length;
    }

    private static String repaired(String text) {
        int[] points = text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .toArray();
        return new String(points, 0, points.length);
    }

    /** Writes bytes. */
    public MessagePackWriter binary(byte[] source, int offset, int length) {
        if (length <= 0xFF) {
            one(0xC4).one(length);
        } else {
            wide(0xC5, length);
        }
        write(source, offset, length);
        return this;
    }

    /** Writes the beginning of an array of so many values. */
    public MessagePackWriter array(int count) {
        return count <= FIX_CONTAINER ? one(0x90 | count) : wide(0xDC, count);
    }

    /** Writes the beginning of a map of so many pairs. */
    public MessagePackWriter map(int count) {
        return count <= FIX_CONTAINER ? one(0x80 | count) : wide(0xDE, count);
    }

    /** Writes a length of two or four bytes behind a head, the next higher one for four. */
    private MessagePackWriter wide(int head, int length) {
        return length <= 0xFFFF ? one(head).two(length) : one(head + 1).four(length);
    }

    /** Begins an array or a map whose length shows later; returns where, for {@link #closeArray} or {@link #closeMap}. */
    public int open() {
        one(0);
        return at - 1;
    }

    /** Ends an array. */
    public void closeArray(int opened, int count) {
        int end = makeRoom(opened, count);
        array(count).at = end;
    }

    /** Ends a map. */
    public void closeMap(int opened, int count) {
        int end = makeRoom(opened, count);
        map(count).at = end;
    }

    /** Makes room for a beginning, goes back to write it, and returns where to go on afterwards. */
    private int makeRoom(int opened, int count) {
        int content = opened + 1;
        int more = more(count);
        room(more);
        System.arraycopy(bytes, content, bytes, content + more, at - content);
        int end = at + more;
        at = opened;
        return end;
    }

    /** Returns how many bytes a beginning takes beyond the first. */
    private static int more(int count) {
        if (count <= FIX_CONTAINER) {
            return 0;
        }
        return count <= 0xFFFF ? Short.BYTES : Integer.BYTES;
    }

    /** Writes a moment, as the extension that there is for it. */
    public MessagePackWriter timestamp(Instant moment) {
        long seconds = moment.getEpochSecond();
        int nanos = moment.getNano();
        if (seconds >>> SECONDS_BITS != 0) {
            return one(0xC7).one(12).one(0xFF).four(nanos).eight(seconds);
        }
        return nanos == 0 && seconds >>> 32 == 0
                ? one(0xD6).one(0xFF).four((int) seconds)
                : one(0xD7).one(0xFF).eight(((long) nanos << SECONDS_BITS) | seconds);
    }

    private MessagePackWriter one(int value) {
        write(value);
        return this;
    }

    private MessagePackWriter two(int value) {
        room(Short.BYTES);
        TWO.set(bytes, at, (short) value);
        at += Short.BYTES;
        return this;
    }

    private MessagePackWriter four(int value) {
        room(Integer.BYTES);
        FOUR.set(bytes, at, value);
        at += Integer.BYTES;
        return this;
    }

    private MessagePackWriter eight(long value) {
        room(Long.BYTES);
        EIGHT.set(bytes, at, value);
        at += Long.BYTES;
        return this;
    }

    private void room(int more) {
        if (more > bytes.length - at) {
            grow(more);
        }
    }

    private void grow(int more) {
        long half = bytes.length + (bytes.length / 2L);
        bytes = Arrays.copyOf(bytes, (int) Math.max((long) at + more + LONGEST_HEAD, Math.min(half, LONGEST_ARRAY)));
    }
}
