package io.hubwire.protocol.internal.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes at once.
 *
 * <p>Subtracting from all eight sets the highest bit of each that is too small; a borrow may set that of bytes behind
 * such a one too, hence only the first that is found is right.
 */
final class Swar {

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;

    private Swar() {}

    /** Returns eight bytes, the first one lowest. */
    static long eight(byte[] bytes, int from) {
        return (long) EIGHT_BYTES.get(bytes, from);
    }

    /** Returns the place of the first byte that is a quote, a backslash, a control or not ASCII, or {@code to}. */
    static int special(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = eight(bytes, at);
            long found = (controlsAndQuotes(word) | backslashes(word) | word) & HIGHEST;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /** Returns the place of the first byte that is a quote, a backslash, a control or a question mark, or {@code to}. */
    static int escapeOrQuestion(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = eight(bytes, at);
            long found = (controlsAndQuotes(word) | backslashes(word) | equal(word, '?')) & ~word & HIGHEST;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && (bytes[at] < 0 || (bytes[at] >= ' ' && "\"\\?".indexOf(bytes[at]) < 0))) {
            at++;
        }
        return at;
    }

    /** A quote with its second bit flipped is 0x20; controls stay below that. */
    private static long controlsAndQuotes(long word) {
        return (word ^ 0x02 * ONES) - 0x21 * ONES;
    }

    private static long backslashes(long word) {
        return equal(word, '\\');
    }

    private static long equal(long word, int character) {
        return (word ^ character * ONES) - ONES;
    }
}
