package io.hubwire.server.netty;

import io.hubwire.server.spi.EventLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One of the engine's threads, and what its connections share because only one of them runs at a time. */
final class NettyLoop implements EventLoop {

    /** Lives as long as the loop, so it is not for a leak detector to watch. */
    static final ByteBufAllocator LASTING = new UnpooledByteBufAllocator(true, true);

    private static final int SMALL_WRITE = 4096;
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    /** Where what was read is taken apart; holds one read behind what the one before it left. */
    final byte[] scratch = new byte[ReadBuffer.SIZE + FrameReader.LONGEST_REST];

    final ReadBuffer reads = new ReadBuffer();

    /** Connections that owe the host the head of a request, or more of its body, or room for an answer. */
    final Deadlines requests;

    /** Connections that may say something or not. */
    final Deadlines idle;

    /** Connections that were said goodbye to. */
    final Deadlines partings;

    final Sends sends;

    /** What compresses; null where nothing is compressed. */
    final @Nullable LoopCompression compression;

    private final io.netty.channel.EventLoop loop;
    private final ByteBuffer view = ByteBuffer.wrap(scratch);
    private final boolean writesAtOnce;
    private ByteBuf small = LASTING.directBuffer(SMALL_WRITE, SMALL_WRITE);
    private String date = "";
    private long dateSecond = -1;

    NettyLoop(
            io.netty.channel.EventLoop loop,
            Limits limits,
            @Nullable LoopCompression compression,
            boolean writesAtOnce) {
        this.loop = loop;
        this.compression = compression;
        sends = new Sends(loop);
        this.writesAtOnce = writesAtOnce;
        requests = new Deadlines(loop, limits.requestTimeout());
        idle = new Deadlines(loop, limits.keepAliveTimeout());
        partings = new Deadlines(loop, limits.partingTimeout());
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    /** Runs a task on a later turn, or at the end of this one. A loop that has ended runs nothing any more. */
    void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            NettyLog.lateTask();
        }
    }

    /** A part of the scratch, or of what was inflated from there; the same object each time. */
    @SuppressWarnings("ReferenceEquality") // which of the two it is
    ByteBuffer view(byte[] bytes, int from, int to) {
        return bytes == scratch || compression == null
                ? view.clear().position(from).limit(to)
                : compression.view(from, to);
    }

    /**
     * A direct buffer to write {@code size} bytes into and to send. For little it is the same one again and again, as
     * long as sockets take what they are given at once.
     */
    ByteBuf outgoing(int size, ByteBufAllocator allocator) {
        if (size > SMALL_WRITE || !writesAtOnce) {
            return allocator.directBuffer(size, size);
        }
        if (small.refCnt() != 1) {
            small.release();
            small = LASTING.directBuffer(SMALL_WRITE, SMALL_WRITE);
        }
        return small.clear().retain();
    }

    /** The time as HTTP writes it. */
    String date() {
        long second = System.currentTimeMillis() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = HTTP_DATE.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
        }
        return date;
    }

    /** Gives the loop's own buffers back. Called once, when its sockets are closed. */
    void release() {
        small.release();
        reads.release();
        if (compression != null) {
            compression.release();
        }
    }
}
