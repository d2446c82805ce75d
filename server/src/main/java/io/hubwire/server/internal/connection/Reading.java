package io.hubwire.server.internal.connection;

import io.hubwire.protocol.FrameReader;
import io.hubwire.protocol.FrameSink;
import io.hubwire.protocol.Framing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one client says: cut into frames, read while there is room for it, and left lying where there is none.
 *
 * <p>One reader at a time: the transport, or whoever goes on with what the transport had to leave. A reader that must stop
 * is held from the moment it asks its gate, so that whoever lets it go on finds everything in place, and touches nothing
 * afterwards. {@link #stop} comes from anybody.
 */
final class Reading {

    private final FrameReader frames;
    private final FrameSink sink;
    private final Gate gate;

    /** Whether a reader stopped before the end of what came, and somebody will go on. */
    private volatile boolean held;

    private volatile boolean deaf;
    private volatile @Nullable Runnable atTheEnd;

    /** Whether what is left of the last frame will never be completed. */
    private volatile boolean cutOff;

    Reading(int maximumMessageSize, FrameSink sink, Gate gate) {
        this.frames = new FrameReader(Framing.RECORD_SEPARATOR, maximumMessageSize);
        this.sink = sink;
        this.gate = gate;
    }

    /** What follows the frame that is being read is framed like this. */
    void framing(Framing framing) {
        frames.framing(framing);
    }

    /**
     * Reads what has come.
     *
     * @return false if somebody else will go on with {@link #resume}, and nothing more may come before that
     */
    boolean read(ByteBuffer bytes) {
        if (cutOff) {
            cutOff = false;
            frames.clear();
        }
        return deaf || frames.read(bytes, sink) || goOn();
    }

    /** Goes on with what was left; false if it has to stop again. */
    boolean resume() {
        return frames.resume(sink) ? everythingIsRead() : goOn();
    }

    private boolean goOn() {
        held = true;
        while (!deaf) {
            if (!gate.opens()) {
                return false;
            }
            if (frames.resume(sink)) {
                break;
            }
        }
        return everythingIsRead();
    }

    private boolean everythingIsRead() {
        held = false;
        Runnable end = atTheEnd;
        if (end != null) {
            end.run();
        }
        return true;
    }

    /** What comes next begins a frame, whatever came before; a reader that is held still takes what is whole. */
    void cutOff() {
        cutOff = true;
    }

    /** Nothing that comes or has come is of interest any more. */
    void stop() {
        deaf = true;
    }

    /**
     * Nothing more comes. On the transport's loop.
     *
     * @param what to do once everything that has come is read: now, or by the reader that is held. Perhaps twice; the first
     *     that is given counts.
     */
    void over(Runnable what) {
        Runnable first = atTheEnd == null ? what : atTheEnd;
        atTheEnd = first;
        if (!held) {
            first.run();
        }
    }

    /** Whether the last frame has no end; known once everything is read. */
    boolean isBrokenOff() {
        return !deaf && !cutOff && !frames.isEmpty();
    }

    /** What decides whether a reader that was stopped goes on. */
    interface Gate {

        /** Tells whether reading goes on at once; if not, somebody calls {@link Reading#resume}, perhaps already. */
        boolean opens();
    }
}
