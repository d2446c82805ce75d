package io.hubwire.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts the byte stream of one connection into frames, however the bytes are split and joined.
 *
 * <p>Frames that arrive whole are handed over where they lie, without copying. Only an incomplete rest is kept, and no
 * buffer at all when there is none. Not safe for several threads at once. After an exception, its own or one that the
 * sink throws, a reader is not to be used again.
 */
public final class FrameReader {

    private static final byte[] NOTHING = {};
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;

    private final int maximumSize;
    private Framing framing;

    /** What is left over, from {@code restFrom} to {@code restTo}; no separator lies before {@code restSeen}. */
    private byte[] rest = NOTHING;

    private int restFrom;
    private int restSeen;
    private int restTo;

    /**
     * Creates the reader of a new connection.
     *
     * @param framing how the first frames are told apart
     * @param maximumSize how long a frame may be, with what delimits it; 0 or {@link Long#MAX_VALUE} for no limit
     */
    public FrameReader(Framing framing, long maximumSize) {
        if (maximumSize < 0) {
            throw new IllegalArgumentException("maximumSize: " + maximumSize + " (expected: >= 0)");
        }
        this.framing = framing;
        this.maximumSize = maximumSize == 0 ? LONGEST_ARRAY : (int) Math.min(maximumSize, LONGEST_ARRAY);
    }

    /** Changes how the frames that follow are told apart; may be called by the sink, for what lies behind its frame. */
    public void framing(Framing next) {
        framing = next;
    }

    /** Tells whether nothing is left over: neither an incomplete frame nor what a sink that stopped did not take. */
    public boolean isEmpty() {
        return restFrom == restTo;
    }

    /** Forgets what is left over: what follows begins with a whole frame. */
    public void clear() {
        hold(NOTHING, 0, 0, 0);
    }

    /**
     * Hands over every frame that these bytes complete, in order, and keeps the rest.
     *
     * @param bytes what has arrived; read to its end, and not kept
     * @param sink takes the frames; may stop, the rest is then kept whatever it is
     * @return true if everything whole was handed over, false if the sink stopped
     * @throws ProtocolException if a frame is too long; those before it were handed over
     */
    public boolean read(ByteBuffer bytes, FrameSink sink) {
        if (isEmpty() && bytes.hasArray()) {
            return handOver(bytes, sink);
        }
        append(bytes);
        return resume(sink);
    }

    /**
     * Goes on after a sink that stopped.
     *
     * @param sink takes the frames; may stop again
     * @return true if everything whole was handed over, false if the sink stopped
     * @throws ProtocolException if a frame is too long; those before it were handed over
     */
    public boolean resume(FrameSink sink) {
        if (isEmpty()) {
            return true;
        }
        return handOver(rest, restFrom, restSeen, restTo, ByteBuffer.wrap(rest), sink);
    }

    private boolean handOver(ByteBuffer bytes, FrameSink sink) {
        int offset = bytes.arrayOffset();
        int from = offset + bytes.position();
        return handOver(bytes.array(), from, from, offset + bytes.limit(), bytes, sink);
    }

    /** Uses {@code view}, which shows the same array, for every frame, and leaves it at the end. */
    private boolean handOver(byte[] array, int first, int firstSeen, int to, ByteBuffer view, FrameSink sink) {
        int offset = view.arrayOffset();
        int from = first;
        int seen = firstSeen;
        boolean goOn = true;
        while (goOn && from < to) {
            long announced = framing.end(array, from, seen, to);
            if ((announced < 0 ? to : announced) - from > maximumSize) {
                throw tooLong();
            }
            if (announced < 0 || announced > to) {
                seen = to;
                break;
            }
            int end = (int) announced;
            view.limit(end - framing.suffix() - offset).position(from + framing.prefix(array, from) - offset);
            from = end;
            seen = end;
            goOn = sink.frame(view);
        }
        view.limit(to - offset).position(to - offset);
        keep(array, from, seen, to);
        return goOn;
    }

    /** Keeps what is left in an array that is at most twice as long, without copying again and again. */
    @SuppressWarnings("ReferenceEquality") // whether it is the very array that is kept already
    private void keep(byte[] array, int from, int seen, int to) {
        int size = to - from;
        if (size == 0) {
            hold(NOTHING, 0, 0, 0);
        } else if (array == rest && (from == restFrom || size >= array.length >> 1)) {
            hold(array, from, seen, to);
        } else {
            hold(Arrays.copyOfRange(array, from, to), 0, seen - from, size);
        }
    }

    private void append(ByteBuffer bytes) {
        int size = restTo - restFrom;
        int more = bytes.remaining();
        if (more > LONGEST_ARRAY - size) {
            throw tooLong();
        }
        if (more > rest.length - restTo) {
            int doubled = (int) Math.min(size * 2L, maximumSize);
            byte[] longer = new byte[Math.max(size + more, doubled)];
            System.arraycopy(rest, restFrom, longer, 0, size);
            hold(longer, 0, restSeen - restFrom, size);
        }
        bytes.get(rest, restTo, more);
        restTo += more;
    }

    private void hold(byte[] array, int from, int seen, int to) {
        rest = array;
        restFrom = from;
        restSeen = seen;
        restTo = to;
    }

    private ProtocolException tooLong() {
        return new ProtocolException("The maximum message size of " + maximumSize
                + "B was exceeded. The message size can be configured in AddHubOptions.");
    }
}
