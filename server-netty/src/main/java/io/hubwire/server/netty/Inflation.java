package io.hubwire.server.netty;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressed messages of one client, piece by piece as they were: RFC 7692, section 7.2.2.
 *
 * <p>Nothing is gathered: a piece is as long as the loop's buffer at the most, and what is longer in all than a message may be
 * stops there. Memory is held while a message is on its way, and between messages only if the client's may refer to
 * those before them. Confined to the connection's event loop.
 */
final class Inflation {

    /** What {@link #next} found. */
    enum Found {
        /** A piece, at the beginning of the loop's buffer. */
        PIECE,
        /** Nothing, until there is more input. */
        NOTHING,
        /** The end of the message. */
        END,
        /** What is no compressed data. */
        NONSENSE,
        /** More than a message may be. */
        TOO_MUCH
    }

    private final LoopCompression loop;

    /** What messages may refer to behind a last block; null where they may not refer to those before them. */
    private final @Nullable Window window;

    private @Nullable Inflater inflater;
    private byte[] input = DeflateOnce.TAIL;
    private int inputEnd;
    private boolean last;
    private boolean tailed;
    private boolean restarted;
    private int length;
    private long total;

    Inflation(LoopCompression loop, boolean takeover) {
        this.loop = loop;
        this.window = takeover ? new Window() : null;
    }

    /**
     * Adds what was received next of the current message.
     *
     * @param isLast whether that is the rest of it
     */
    void add(byte[] bytes, int from, int to, boolean isLast) {
        if (inflater == null) {
            inflater = loop.inflater();
        }
        last = isLast;
        feed(inflater, bytes, from, to);
    }

    private void feed(Inflater to, byte[] bytes, int from, int end) {
        input = bytes;
        inputEnd = end;
        to.setInput(bytes, from, end - from);
    }

    /** Inflates on, as far as the next piece. */
    Found next() {
        if (inflater == null) {
            return Found.NOTHING;
        }
        try {
            return next(inflater);
        } catch (DataFormatException nonsense) {
            return Found.NONSENSE;
        }
    }

    private Found next(Inflater current) throws DataFormatException {
        while (true) {
            length = current.inflate(loop.piece);
            if (length > 0) {
                total += length;
                if (window != null) {
                    window.add(loop.piece, length);
                }
                return total > loop.options().maximumMessageSize() ? Found.TOO_MUCH : Found.PIECE;
            }
            if (current.finished()) {
                restart(current);
            } else if (!current.needsInput()) {
                return Found.NONSENSE;
            } else if (!last) {
                return Found.NOTHING;
            } else if (tailed) {
                end(current);
                return Found.END;
            } else {
                tailed = true;
                feed(current, DeflateOnce.TAIL, 0, DeflateOnce.TAIL.length);
            }
        }
    }

    /** Goes on behind a block that says it is the last one: a message may have several such, as section 7.2.3.5 has it. */
    private void restart(Inflater current) {
        int rest = current.getRemaining();
        restarted = true;
        reset(current);
        feed(current, input, inputEnd - rest, inputEnd);
    }

    private void end(Inflater current) {
        tailed = false;
        total = 0;
        if (window == null) {
            inflater = null;
            loop.takeBack(current);
        } else if (restarted) {
            reset(current);
        }
        restarted = false;
    }

    private void reset(Inflater current) {
        current.reset();
        if (window != null) {
            window.giveTo(current);
        }
    }

    /** Where the piece is that was found. */
    byte[] piece() {
        return loop.piece;
    }

    /** How long the piece is that was found. */
    int length() {
        return length;
    }

    /** Keeps what is not inflated yet, since the array that it was added from is about to be read into again. */
    void keep() {
        if (inflater != null && inflater.getRemaining() > 0) {
            byte[] rest = Arrays.copyOfRange(input, inputEnd - inflater.getRemaining(), inputEnd);
            feed(inflater, rest, 0, rest.length);
        }
    }

    /** Gives back what is held; the connection is over. */
    void close() {
        if (inflater != null) {
            loop.takeBack(inflater);
            inflater = null;
        }
    }
}
