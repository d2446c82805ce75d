package io.hubwire.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one buffer that all sockets of a loop read into, since only one of them reads at a time.
 *
 * <p>Whoever reads has taken what it needs out of the buffer when it returns, so a connection that says nothing owns
 * none. A read that does not fill the buffer is the last of its turn. Confined to its event loop.
 */
final class ReadBuffer implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {

    static final int SIZE = 32 * 1024;
    private static final int READS_IN_A_TURN = 16;

    private @Nullable ByteBuf buffer;
    private @Nullable ChannelConfig config;
    private int attempted;
    private int last;
    private int reads;

    /** Returns this: a handle has nothing to remember between two turns. */
    @Override
    @SuppressWarnings("deprecation") // of Handle in favour of ExtendedHandle, which this is
    public Handle newHandle() {
        return this;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        ByteBuf free = buffer;
        if (free == null || free.refCnt() != 1) {
            release();
            free = new io.netty.buffer.UnpooledByteBufAllocator(true, true).directBuffer(SIZE, SIZE);
            buffer = free;
        }
        return free.clear().retain();
    }

    /** Gives the buffer back; the next read gets another. */
    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    @Override
    public int guess() {
        return SIZE;
    }

    @Override
    public void reset(ChannelConfig reading) {
        config = reading;
        reads = 0;
        last = 0;
    }

    @Override
    public void incMessagesRead(int messages) {
        reads += messages;
    }

    @Override
    public void lastBytesRead(int bytes) {
        last = bytes;
    }

    @Override
    public int lastBytesRead() {
        return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
        return attempted;
    }

    @Override
    public boolean continueReading() {
        return last == attempted && mayGoOn();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
        return maybeMoreData.get() && mayGoOn();
    }

    private boolean mayGoOn() {
        return last > 0 && reads < READS_IN_A_TURN && config != null && config.isAutoRead();
    }

    @Override
    public void readComplete() {
        config = null;
    }
}
