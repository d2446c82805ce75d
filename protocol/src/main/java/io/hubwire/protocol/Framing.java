package io.hubwire.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How frames are told apart on a byte stream. */
public enum Framing {

    /** Each frame ends with the byte 0x1E. */
    RECORD_SEPARATOR {
        @Override
        long end(byte[] bytes, int from, int seen, int to) {
            int at = seen;
            for (; at <= to - Long.BYTES; at += Long.BYTES) {
                long found = separators((long) EIGHT_BYTES.get(bytes, at));
                if (found != 0) {
                    return at + 1L + (Long.numberOfTrailingZeros(found) >>> 3);
                }
            }
            for (; at < to; at++) {
                if (bytes[at] == SEPARATOR) {
                    return at + 1L;
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
    },

    /** Each frame begins with its length: seven bits in each byte, the lowest first, with a bit for more to come. */
    LENGTH_PREFIX {
        @Override
        long end(byte[] bytes, int from, int seen, int to) {
            long length = 0;
            for (int i = 0; from + i < to; i++) {
                byte group = bytes[from + i];
                if (i == LONGEST_PREFIX - 1 && (group & HIGHEST_GROUP) != group) {
                    throw new ProtocolException("Messages over 2GB in size are not supported.");
                }
                length |= (group & 0x7FL) << (7 * i);
                if (group >= 0) {
                    return from + i + 1 + length;
                }
            }
            return -1;
        }

        @Override
        int prefix(byte[] bytes, int from) {
            int at = from;
            while (bytes[at] < 0) {
                at++;
            }
            return at + 1 - from;
        }

        @Override
        int suffix() {
            return 0;
        }
    };

    /** The byte that ends a text frame. */
    public static final byte SEPARATOR = 0x1E;

    private static final int LONGEST_PREFIX = 5;

    /** What the last byte of the longest prefix may be: 31 bits are enough for every length. */
    private static final int HIGHEST_GROUP = 7;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * Finds the end of the first frame.
     *
     * @param from where the frame begins
     * @param seen up to where this was asked before without success, at least {@code from}
     * @param to the end of what has arrived
     * @return the index behind the frame and what delimits it, which lies behind {@code to} if the frame says so before it
     *     is complete; or -1 if it cannot be told yet
     * @throws ProtocolException if no frame can be that long
     */
    abstract long end(byte[] bytes, int from, int seen, int to);

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
