package io.hubwire.protocol.internal.msgpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.protocol.internal.parts.Names;
import java.io.Serial;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/**
 * A place in a MessagePack text that moves forward over it, in place.
 *
 * <p>Lengths are compared with what is there before anything is made of them; nested at most {@link #DEEPEST} deep,
 * without recursion. Every method but {@link #kind} and {@link #skip} asks for a value of its kind, which the caller has
 * checked. Confined to one thread.
 */
public final class MessagePackCursor {

    /** How deep values may be nested, the outermost one included. */
    public static final int DEEPEST = 64;

    private static final VarHandle TWO = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int TIMESTAMP = -1;
    private static final int SECONDS_BITS = 34;
    private static final int MOST_NANOS = 999_999_999;
    private static final int USUAL_LEVELS = 4;

    private final byte[] bytes;
    private final int end;
    private int at;

    /** Whether the integer that was passed last is beyond what a long can hold. */
    private boolean huge;

    private int extension;

    /** How many values are left at each level of what is skipped, the outermost first; grows as it is needed. */
    private int[] left = {};

    /** The bytes are not MessagePack; says where. */
    public static final class Malformed extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** What a value is. */
    public enum Kind {
        NIL("nil"),
        BOOLEAN("a boolean"),
        INTEGER("an integer"),
        FLOAT("a float"),
        STRING("a string"),
        BINARY("binary"),
        ARRAY("an array"),
        MAP("a map"),
        EXTENSION("an extension"),
        /** What begins with the one byte that nothing begins with. */
        NOTHING("nothing");

        private static final Kind[] BY_FIRST_BYTE = byFirstByte();

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Returns the words that error texts use. */
        public String text() {
            return text;
        }

        private static Kind[] byFirstByte() {
            var kinds = new Kind[0x100];
            Arrays.fill(kinds, INTEGER);
            Arrays.fill(kinds, 0x80, 0x90, MAP);
            Arrays.fill(kinds, 0x90, 0xA0, ARRAY);
            Arrays.fill(kinds, 0xA0, 0xC0, STRING);
            Arrays.fill(kinds, 0xC0, 0xC1, NIL);
            Arrays.fill(kinds, 0xC1, 0xC2, NOTHING);
            Arrays.fill(kinds, 0xC2, 0xC4, BOOLEAN);
            Arrays.fill(kinds, 0xC4, 0xC7, BINARY);
            Arrays.fill(kinds, 0xC7, 0xCA, EXTENSION);
            Arrays.fill(kinds, 0xCA, 0xCC, FLOAT);
            Arrays.fill(kinds, 0xD4, 0xD9, EXTENSION);
            Arrays.fill(kinds, 0xD9, 0xDC, STRING);
            Arrays.fill(kinds, 0xDC, 0xDE, ARRAY);
            Arrays.fill(kinds, 0xDE, 0xE0, MAP);
            return kinds;
        }
    }

    /** Creates a cursor at {@code from} that ends at {@code to}. */
    public MessagePackCursor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /** Creates a cursor over what remains in the buffer, in place if it has an array. */
    public static MessagePackCursor over(ByteBuffer packed) {
        if (packed.hasArray()) {
            int offset = packed.arrayOffset();
            return new MessagePackCursor(packed.array(), offset + packed.position(), offset + packed.limit());
        }
        byte[] copy = new byte[packed.remaining()];
        packed.get(packed.position(), copy);
        return new MessagePackCursor(copy, 0, copy.length);
    }

    /** Returns the place: behind what was passed. */
    public int position() {
        return at;
    }

    /** Goes to a place where a value begins. */
    public void position(int place) {
        at = place;
    }

    /** Tells whether everything was passed. */
    public boolean isAtEnd() {
        return at == end;
    }

    /** Returns what lies between two places, as a buffer. */
    public ByteBuffer slice(int from, int to) {
        return ByteBuffer.wrap(bytes, from, to - from);
    }

    /** Returns what the next value is by its first byte, and stays before it. */
    public Kind kind() {
        if (at >= end) {
            throw malformed("ends");
        }
        var kind = Kind.BY_FIRST_BYTE[bytes[at] & 0xFF];
        if (kind == Kind.NOTHING) {
            throw malformed("has a value that is none");
        }
        return kind;
    }

    /** Passes a nil and returns true, or stays before anything else. */
    public boolean passNil() {
        if (kind() != Kind.NIL) {
            return false;
        }
        at++;
        return true;
    }

    /** Passes a boolean and returns it. */
    public boolean bool() {
        return bytes[at++] == (byte) 0xC3;
    }

    /** Passes an integer and returns its lowest 64 bits; see {@link #isHuge}. */
    public long integer() {
        int first = bytes[at++];
        if (first >= -32) {
            huge = false;
            return first;
        }
        long value = bits(1 << (first & 3));
        huge = first == (byte) 0xCF && value < 0;
        return (first & 0xFF) < 0xD0 ? value : signed(first, value);
    }

    private static long signed(int first, long value) {
        return switch (first & 3) {
            case 0 -> (byte) value;
            case 1 -> (short) value;
            case 2 -> (int) value;
            default -> value;
        };
    }

    /** Tells whether the integer that was passed last needs all 64 bits, without a sign. */
    public boolean isHuge() {
        return huge;
    }

    /** Passes an integer or a float and returns it. */
    public double number() {
        if (kind() == Kind.INTEGER) {
            long value = integer();
            // halved, with the last bit kept for rounding, it has room for a sign
            return huge ? 2.0 * (double) ((value >>> 1) | (value & 1)) : (double) value;
        }
        return isShort() ? shortNumber() : Double.longBitsToDouble(wide());
    }

    /** Tells whether the float that comes next has 32 bits. */
    public boolean isShort() {
        return bytes[at] == (byte) 0xCA;
    }

    private float shortNumber() {
        at++;
        return Float.intBitsToFloat((int) bits(Integer.BYTES));
    }

    private long wide() {
        at++;
        return bits(Long.BYTES);
    }

    /** Passes the beginning of an array and returns how many values follow; there is at least a byte for each. */
    public int enterArray() {
        int first = bytes[at++] & 0xFF;
        long count = first < 0xA0 ? first & 0xF : bits(first == 0xDC ? 2 : 4);
        return fitting(count, 1);
    }

    /** Passes the beginning of a map and returns how many pairs of values follow; there are at least two bytes for each. */
    public int enterMap() {
        int first = bytes[at++] & 0xFF;
        long count = first < 0x90 ? first & 0xF : bits(first == 0xDE ? 2 : 4);
        return fitting(count, 2);
    }

    /** Passes a string and returns it; what is not UTF-8 in it becomes U+FFFD. */
    public String string() {
        int length = enterString();
        int from = at;
        at += length;
        return new String(bytes, from, length, UTF_8);
    }

    /** Passes a string and takes it from {@code known}. */
    public String string(Names known) {
        int length = enterString();
        int from = at;
        at += length;
        return known.of(bytes, from, at);
    }

    private int enterString() {
        int first = bytes[at++] & 0xFF;
        return fitting(first < 0xC0 ? first & 0x1F : bits(1 << (first - 0xD9)), 1);
    }

    /** Passes bytes, or a string as old writers write them, and returns a copy. */
    public byte[] binary() {
        int first = bytes[at] & 0xFF;
        int length;
        if (first >= 0xC4 && first <= 0xC6) {
            at++;
            length = fitting(bits(1 << (first - 0xC4)), 1);
        } else {
            length = enterString();
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** Tells whether an extension that comes next is a moment; passes nothing. */
    public boolean isTimestamp() {
        int before = at;
        int length = enterExtension();
        at = before;
        return extension == TIMESTAMP && (length == 4 || length == 8 || length == 12);
    }

    /**
     * Passes a moment and returns it.
     *
     * @throws DateTimeException if there is no such moment
     */
    public Instant timestamp() {
        int length = enterExtension();
        long nanos = 0;
        long seconds;
        if (length == Integer.BYTES) {
            seconds = bits(Integer.BYTES);
        } else if (length == Long.BYTES) {
            long both = bits(Long.BYTES);
            nanos = both >>> SECONDS_BITS;
            seconds = both & ((1L << SECONDS_BITS) - 1);
        } else {
            nanos = bits(Integer.BYTES);
            seconds = bits(Long.BYTES);
        }
        if (nanos > MOST_NANOS) {
            throw new DateTimeException("Not a fraction of a second: " + nanos + " nanoseconds");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    /** Passes what stands before the content of an extension, remembers its type, and returns the content's length. */
    private int enterExtension() {
        int first = bytes[at++] & 0xFF;
        long length = first < 0xD0 ? bits(1 << (first - 0xC7)) : 1 << (first - 0xD4);
        extension = (byte) bits(1);
        return fitting(length, 1);
    }

    /**
     * Passes one value of any kind, with all that is in it.
     *
     * @param depth how many arrays and maps it stands in
     */
    public void skip(int depth) {
        int values = behindHead();
        if (values >= 0) {
            skipContent(depth, values);
        }
    }

    /** Passes the content of an array or a map. */
    private void skipContent(int depth, int values) {
        int levels = entered(depth, 0, values);
        while (levels > 0) {
            if (left[levels - 1] == 0) {
                levels--;
                continue;
            }
            left[levels - 1]--;
            int more = behindHead();
            if (more >= 0) {
                levels = entered(depth, levels, more);
            }
        }
    }

    /** Goes one level deeper, where so many values follow; returns how many levels that are. */
    private int entered(int depth, int levels, int values) {
        if (depth + levels >= DEEPEST) {
            throw new Malformed("Nested deeper than " + DEEPEST + " at " + at);
        }
        if (levels == left.length) {
            left = Arrays.copyOf(left, Math.max(USUAL_LEVELS, 2 * levels));
        }
        left[levels] = values;
        return levels + 1;
    }

    /** Passes a value that holds no others and returns -1; or passes the beginning and returns how many follow. */
    private int behindHead() {
        switch (kind()) {
            case NIL, BOOLEAN -> at++;
            case INTEGER -> integer();
            case FLOAT -> passFloat();
            case STRING -> pass(enterString());
            case BINARY -> pass(fitting(bits(1 << (bytes[at++] & 0xFF) - 0xC4), 1));
            case EXTENSION -> pass(enterExtension());
            case ARRAY -> {
                return enterArray();
            }
            case MAP -> {
                return 2 * enterMap();
            }
            case NOTHING -> throw malformed("has a value that is none");
        }
        return -1;
    }

    private void passFloat() {
        int length = isShort() ? Integer.BYTES : Long.BYTES;
        at++;
        bits(length);
    }

    private void pass(int length) {
        at += length;
    }

    /** Passes so many bytes, a power of two, and returns them without a sign. */
    private long bits(int length) {
        int from = at;
        if (length > end - from) {
            throw malformed("ends");
        }
        at = from + length;
        return switch (length) {
            case 1 -> bytes[from] & 0xFF;
            case 2 -> (short) TWO.get(bytes, from) & 0xFFFF;
            case 4 -> (int) FOUR.get(bytes, from) & 0xFFFF_FFFFL;
            default -> (long) EIGHT.get(bytes, from);
        };
    }

    private int fitting(long count, int size) {
        if (count * size > end - at) {
            throw malformed("announces more than there is");
        }
        return (int) count;
    }

    private Malformed malformed(String how) {
        return new Malformed("MessagePack that " + how + " at " + at);
    }
}
