package io.hubwire.server.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells whether bytes are UTF-8, piece by piece: what a piece ends with is carried into the next as a state.
 *
 * <p>A state is {@link #WHOLE} between characters; within one it holds how many bytes are missing and the bounds that
 * the next must keep, which is where overlong forms, surrogates and what lies beyond Unicode are told apart.
 */
final class Utf8 {

    /** Between two characters: where a text begins and has to end. */
    static final int WHOLE = 0;

    /** Not UTF-8, whatever follows. */
    static final int BROKEN = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Returns the state behind {@code bytes[from, to)}, given the one before them. */
    static int check(int before, byte[] bytes, int from, int to) {
        int state = before;
        int at = from;
        while (at < to && state != BROKEN) {
            if (state == WHOLE) {
                at = skipAscii(bytes, at, to);
                if (at < to) {
                    state = lead(bytes[at++] & 0xff);
                }
            } else {
                state = next(state, bytes[at++] & 0xff);
            }
        }
        return state;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
            at += Long.BYTES;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    private static int lead(int first) {
        if (first < 0xC2 || first > 0xF4) {
            return BROKEN;
        }
        if (first < 0xE0) {
            return missing(1, 0x80, 0xBF);
        }
        return switch (first) {
            case 0xE0 -> missing(2, 0xA0, 0xBF);
            case 0xED -> missing(2, 0x80, 0x9F);
            case 0xF0 -> missing(3, 0x90, 0xBF);
            case 0xF4 -> missing(3, 0x80, 0x8F);
            default -> missing(first < 0xF0 ? 2 : 3, 0x80, 0xBF);
        };
    }

    private static int next(int state, int following) {
        if (following < ((state >> 8) & 0xff) || following > (state & 0xff)) {
            return BROKEN;
        }
        int left = (state >> 16) - 1;
        return left == 0 ? WHOLE : missing(left, 0x80, 0xBF);
    }

    private static int missing(int bytes, int least, int most) {
        return (bytes << 16) | (least << 8) | most;
    }
}
