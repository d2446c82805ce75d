package io.hubwire.server.netty;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** What the sockets of one loop share for compressing. Confined to the loop. */
final class LoopCompression {

    private static final int PIECE = 16 * 1024;
    private static final int MOST_SPARE = 16;

    /** Where what was inflated is taken from, a piece at a time. */
    final byte[] piece = new byte[PIECE];

    private final WebSocketCompression options;
    private final DeflateOnce once;
    private final ByteBuffer view = ByteBuffer.wrap(piece);
    private final ArrayDeque<Inflater> spare = new ArrayDeque<>();
    private @Nullable Deflater deflater;

    LoopCompression(WebSocketCompression options, DeflateOnce once) {
        this.options = options;
        this.once = once;
    }

    WebSocketCompression options() {
        return options;
    }

    /** A part of the piece; the same object each time. */
    ByteBuffer view(int from, int to) {
        return view.clear().position(from).limit(to);
    }

    /** Returns a message compressed; null where that is not worth it. */
    @Nullable ByteBuffer deflated(ByteBuffer message) {
        int length = message.remaining();
        if (length < options.threshold() || length > options.maximumMessageSize() || !message.hasArray()) {
            return null;
        }
        if (deflater == null) {
            deflater = new Deflater(options.level(), true);
        }
        return once.deflate(message, deflater);
    }

    Inflater inflater() {
        Inflater used = spare.poll();
        return used == null ? new Inflater(true) : used;
    }

    /** Takes back what {@link #inflater} gave. */
    void takeBack(Inflater inflater) {
        if (spare.size() < MOST_SPARE) {
            inflater.reset();
            spare.push(inflater);
        } else {
            inflater.end();
        }
    }

    /** Frees what is held outside of the heap. Called once, when the loop's sockets are closed. */
    void release() {
        spare.forEach(Inflater::end);
        if (deflater != null) {
            deflater.end();
        }
    }
}
