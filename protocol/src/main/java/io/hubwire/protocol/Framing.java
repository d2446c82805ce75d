package io.hubwire.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How frames are told apart on a byte stream. */
public enum Framing {

    /** Each frame ends with the byte 0x1E. */
    RECORD_SEPARATOR {
        @Override
        int end(byte[] bytes, int from, int seen, int to) {
            int at = seen;
            for (; at <= to - Long.BYTES; at += Long.BYTES) {
                long found = separators((long) EIGHT_BYTES.get(bytes, at));
                if (found != 0) {
                    return at + (Long.numberOfTrailingZeros(found) >>> 3) + 1;
                }
            }
            for (; at < to; at++) {
                if (bytes[at] == SEPARATOR) {
                    return at + 1;
                }
            }
            return -1;
        }

        @Override
        int prefix(byte[] bytes, int from) {
            return 0;
        }

        @Override
        int suffix() {
            return 1;
        }
    };

    /** The byte that ends a text frame. */
    public static final byte SEPARATOR = 0x1E;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * Finds the end of the first frame.
     *
     * @param from where the frame begins
     * @param seen up to where this was asked before without success, at least {@code from}
     * @param to the end of what has arrived
     * @return the index behind the frame and what delimits it, or -1 if it is not yet complete
     */
    abstract int end(byte[] bytes, int from, int seen, int to);

    /** Returns how many bytes stand before the content of the frame that begins at {@code from}. */
    abstract int prefix(byte[] bytes, int from);

    /** Returns how many bytes stand behind the content of a frame. */
    abstract int suffix();

    /** Returns a word whose lowest bit that is set lies in the first byte (of eight) that is a separator. */
    private static long separators(long eight) {
        long zeroWhereEqual = eight ^ 0x1E1E1E1E1E1E1E1EL;
        return (zeroWhereEqual - 0x0101010101010101L) & ~zeroWhereEqual & 0x8080808080808080L;
    }
}
