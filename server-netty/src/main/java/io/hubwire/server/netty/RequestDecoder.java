package io.hubwire.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Netty's decoder with a gate: while it is shut, what arrives is kept, up to a bound, as bytes.
 *
 * <p>That is how requests are answered one at a time, how a body waits until it is asked for, and how a connection is
 * watched meanwhile: the socket is read until the bound is reached, so a client that goes away is noticed.
 */
final class RequestDecoder extends HttpRequestDecoder {

    private static final int MOST_KEPT = 64 * 1024;

    private final HttpConnection connection;
    private boolean shut;
    private boolean decoding;
    private boolean deaf;

    RequestDecoder(HttpConnection connection, Limits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maximumRequestLineSize())
                .setMaxHeaderSize(limits.maximumHeaderSize()));
        this.connection = connection;
        setCumulator(RequestDecoder::append);
    }

    /** Puts what was read behind what is kept, in memory of its own: the loop reads into the same buffer again. */
    static ByteBuf append(ByteBufAllocator allocator, ByteBuf kept, ByteBuf read) {
        try {
            if (kept.isReadable() && kept.refCnt() == 1 && !kept.isReadOnly()) {
                return kept.writeBytes(read);
            }
            ByteBuf joined = allocator.heapBuffer(kept.readableBytes() + read.readableBytes());
            joined.writeBytes(kept).writeBytes(read);
            kept.release();
            return joined;
        } finally {
            read.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (deaf) {
            ((ByteBuf) message).release();
            return;
        }
        connection.bytesCame();
        decodeWith(context, message);
        if (shut && actualReadableBytes() > MOST_KEPT) {
            context.channel().config().setAutoRead(false);
        }
    }

    private void decodeWith(ChannelHandlerContext context, Object message) throws Exception {
        decoding = true;
        try {
            super.channelRead(context, message);
        } finally {
            decoding = false;
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (!shut) {
            super.decode(context, in, out);
        }
    }

    /** Makes nothing of what the end of the connection has cut off. */
    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        shut = true;
    }

    /** Nothing is decoded until {@link #open}. */
    void shut() {
        shut = true;
    }

    /** Decodes what is kept, and goes on. Not before the decoding has returned where this is called from within. */
    void open(ChannelHandlerContext next) {
        shut = false;
        Outlet.readOn(next.channel());
        if (!decoding && holdsBytes()) {
            ChannelHandlerContext own = next.pipeline().context(this);
            try {
                decodeWith(own, Unpooled.EMPTY_BUFFER);
            } catch (Exception broken) {
                own.fireExceptionCaught(broken);
            }
        }
    }

    /** Throws away whatever comes from now on. */
    void turnDeaf(ChannelHandlerContext context) {
        deaf = true;
        shut = true;
        Outlet.readOn(context.channel());
    }

    /** Tells whether bytes wait to be decoded. */
    boolean holdsBytes() {
        return actualReadableBytes() > 0;
    }
}
