package io.hubwire.server.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what one WebSocket client sends, as RFC 6455 has it, in the array where it lies.
 *
 * <p>Payloads are unmasked in place and passed on as far as they have come, so nothing is ever gathered: what is left
 * unread is the head of a frame that is not complete, or a control frame that is not, {@link #LONGEST_REST} bytes at the most. The caller
 * puts it in front of what comes next. Confined to the connection's event loop.
 */
final class FrameReader {

    /** What can be left unread of an array that was read: one byte less than the longest control frame or head. */
    static final int LONGEST_REST = 2 + 4 + 125 - 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_LENGTH =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle MASK = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int COMPRESSED = 0x40;
    private static final int MASKED = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LONGEST_CONTROL = 125;
    private static final int INCOMPLETE = -1;
    private static final byte[] NOTHING = {};

    private final Listener listener;

    /** What compressed messages go through; null where none was agreed on. */
    private final @Nullable Inflation inflation;

    private long remaining;
    private int mask;
    private int utf8 = Utf8.WHOLE;
    private boolean last;
    private boolean text;
    private boolean fragmented;
    private boolean compressed;
    private boolean held;
    private boolean over;

    FrameReader(Listener listener) {
        this(listener, null);
    }

    FrameReader(Listener listener, @Nullable Inflation inflation) {
        this.listener = listener;
        this.inflation = inflation;
    }

    /**
     * Reads {@code bytes[from, to)} and tells the listener what is there.
     *
     * @return where it stopped: {@code to}, or where the listener wanted no more, or where an incomplete head or
     *     control frame begins
     */
    int read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !over) {
            if (remaining == 0) {
                int payload = head(bytes, at, to);
                if (payload == INCOMPLETE) {
                    return at;
                }
                at = payload;
                if (held) {
                    return at;
                }
            } else {
                int end = at + (int) Math.min(remaining, to - at);
                boolean goOn = payload(bytes, at, end);
                at = end;
                if (!goOn) {
                    return at;
                }
            }
        }
        return over ? to : at;
    }

    /** Goes on with what was inflated and not wanted; to be called before more is read. */
    void goOn() {
        if (held) {
            inflate(Objects.requireNonNull(inflation));
        }
    }

    /** Nothing more will be read. */
    void close() {
        over = true;
        if (inflation != null) {
            inflation.close();
        }
    }

    /** Returns where reading goes on, or {@link #INCOMPLETE}. */
    private int head(byte[] bytes, int at, int to) {
        if (to - at < 2) {
            return INCOMPLETE;
        }
        int first = bytes[at] & 0xff;
        int second = bytes[at + 1] & 0xff;
        int opcode = first & 0x0f;
        if (!legal(first, second)) {
            return violated(1002, to);
        }
        int lengthBytes = (second & 0x7f) < 126 ? 0 : (second & 0x7f) == 126 ? 2 : 8;
        int payload = at + 2 + lengthBytes + 4;
        if (to < payload) {
            return INCOMPLETE;
        }
        long length = length(bytes, at + 1, lengthBytes);
        int key = (int) MASK.get(bytes, payload - 4);
        if (opcode >= CLOSE) {
            return to - payload < length ? INCOMPLETE : control(opcode, bytes, payload, (int) length, key);
        }
        if (length < 0) {
            return violated(1002, to);
        }
        if (opcode != CONTINUATION) {
            text = opcode == TEXT;
            compressed = (first & COMPRESSED) != 0;
        }
        begin((first & FIN) != 0, length, key);
        return payload;
    }

    private boolean legal(int first, int second) {
        int opcode = first & 0x0f;
        int reserved = first & RESERVED;
        boolean mayBeCompressed = inflation != null && (opcode == TEXT || opcode == BINARY);
        if ((reserved != 0 && !(mayBeCompressed && reserved == COMPRESSED)) || (second & MASKED) == 0) {
            return false;
        }
        return switch (opcode) {
            case CONTINUATION -> fragmented;
            case TEXT, BINARY -> !fragmented;
            case CLOSE, PING, PONG -> (first & FIN) != 0 && (second & 0x7f) <= LONGEST_CONTROL;
            default -> false;
        };
    }

    private static long length(byte[] bytes, int at, int lengthBytes) {
        return switch (lengthBytes) {
            case 0 -> bytes[at] & 0x7f;
            case 2 -> unsignedShort(bytes, at + 1);
            default -> (long) LONG_LENGTH.get(bytes, at + 1);
        };
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    private void begin(boolean isLast, long length, int key) {
        last = isLast;
        fragmented = !isLast;
        remaining = length;
        mask = key;
        if (length == 0) {
            if (last && compressed) {
                inflate(NOTHING, 0, 0);
            } else if (last && utf8 != Utf8.WHOLE) {
                violation(1007);
            } else {
                listener.alive();
            }
        }
    }

    /** Returns false when the listener wants no more, or must not get it. */
    private boolean payload(byte[] bytes, int from, int to) {
        boolean ascii = unmask(bytes, from, to, mask);
        remaining -= to - from;
        mask = Integer.rotateRight(mask, 8 * (to - from & 3));
        return compressed
                ? inflate(bytes, from, to)
                : plain(bytes, from, to, ascii && utf8 == Utf8.WHOLE, last && remaining == 0);
    }

    private boolean plain(byte[] bytes, int from, int to, boolean whole, boolean end) {
        if (text && !whole) {
            utf8 = Utf8.check(utf8, bytes, from, to);
            if (utf8 == Utf8.BROKEN || (utf8 != Utf8.WHOLE && end)) {
                violation(1007);
                return true;
            }
        }
        return listener.data(bytes, from, to);
    }

    private boolean inflate(byte[] bytes, int from, int to) {
        Inflation agreed = Objects.requireNonNull(inflation);
        agreed.add(bytes, from, to, last && remaining == 0);
        return inflate(agreed);
    }

    /** Passes on what can be inflated; returns false when the listener wants no more of it. */
    private boolean inflate(Inflation agreed) {
        held = false;
        Inflation.Found found = agreed.next();
        while (found == Inflation.Found.PIECE) {
            held = !plain(agreed.piece(), 0, agreed.length(), false, false);
            if (held || over) {
                agreed.keep();
                return !held;
            }
            found = agreed.next();
        }
        switch (found) {
            case PIECE, NOTHING -> {}
            case END -> endInflated();
            case NONSENSE -> violation(1007);
            case TOO_MUCH -> violation(1009);
        }
        return true;
    }

    private void endInflated() {
        if (utf8 != Utf8.WHOLE) {
            violation(1007);
        }
    }

    private int control(int opcode, byte[] bytes, int from, int length, int key) {
        int to = from + length;
        unmask(bytes, from, to, key);
        switch (opcode) {
            case PING -> listener.ping(bytes, from, to);
            case PONG -> listener.alive();
            default -> close(bytes, from, to);
        }
        return to;
    }

    private void close(byte[] bytes, int from, int to) {
        if (from == to) {
            over = true;
            listener.closing();
        } else if (to - from == 1 || !mayBeSent(unsignedShort(bytes, from))) {
            violation(1002);
        } else if (Utf8.check(Utf8.WHOLE, bytes, from + 2, to) != Utf8.WHOLE) {
            violation(1007);
        } else {
            over = true;
            listener.closing();
        }
    }

    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code < 1004) || (code > 1006 && code < 1015) || (code >= 3000 && code < 5000);
    }

    private int violated(int code, int to) {
        violation(code);
        return to;
    }

    private void violation(int code) {
        over = true;
        listener.violation(code);
    }

    /** Takes the mask off, in place; returns whether all of it is ASCII. */
    private static boolean unmask(byte[] bytes, int from, int to, int mask) {
        long twice = (mask & 0xffffffffL) | ((long) mask << 32);
        long seen = 0;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long plain = (long) LONGS.get(bytes, at) ^ twice;
            LONGS.set(bytes, at, plain);
            seen |= plain;
        }
        for (int shift = 0; at < to; at++, shift += 8) {
            byte plain = (byte) (bytes[at] ^ (int) (twice >>> shift));
            bytes[at] = plain;
            seen |= plain;
        }
        return (seen & HIGH_BITS) == 0;
    }

    /** What is told of a client's frames, in their order. Nothing comes after {@link #closing} or {@link #violation}. */
    interface Listener {

        /**
         * A piece of a data message; never empty, and of a text message never broken.
         *
         * @return false to have the reader stop behind this piece
         */
        boolean data(byte[] bytes, int from, int to);

        /** A ping and what is to be sent back with the pong. */
        void ping(byte[] bytes, int from, int to);

        /** A pong, or a data frame without data. */
        void alive();

        /** A close frame in order. */
        void closing();

        /** The client broke the protocol; {@code code} is what to close with. */
        void violation(int code);
    }
}
