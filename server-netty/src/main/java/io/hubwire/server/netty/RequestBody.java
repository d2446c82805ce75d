package io.hubwire.server.netty;

import io.hubwire.server.spi.HttpExchange.Body;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A request body on its way in, up to its limit. Confined to the event loop. */
final class RequestBody {

    private static final int FIRST_SIZE = 512;

    private final Body asker;
    private final int limit;
    private byte[] bytes = {};
    private int length;

    RequestBody(int limit, Body asker) {
        this.limit = limit;
        this.asker = asker;
    }

    /** Takes a part of the body; false, and nothing is held any more, when that is more than the limit. */
    boolean add(ByteBuf part) {
        int more = part.readableBytes();
        if (more > limit - length) {
            bytes = new byte[0];
            return false;
        }
        if (length + more > bytes.length) {
            long doubled = Math.max(FIRST_SIZE, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.max(length + more, Math.min(limit, doubled)));
        }
        part.readBytes(bytes, length, more);
        length += more;
        return true;
    }

    void complete() {
        asker.complete(ByteBuffer.wrap(bytes, 0, length));
    }

    void tooLarge() {
        asker.tooLarge();
    }

    void abort() {
        asker.aborted();
    }
}
