package io.hubwire.protocol;

import java.nio.ByteBuffer;

/** Takes the frames of one connection, one after the other. */
@FunctionalInterface
public interface FrameSink {

    /**
     * Takes one frame.
     *
     * @param frame the frame without what delimits it; valid during the call only, its position may be moved
     * @return true to go on, false to be given nothing more until {@link FrameReader#resume}
     */
    boolean frame(ByteBuffer frame);
}
