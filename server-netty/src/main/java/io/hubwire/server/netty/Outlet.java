package io.hubwire.server.netty;

import io.hubwire.server.spi.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Writes to sockets, closes them, and tells what became of it. Called on the channel's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // of closing: there is nobody left to be told
final class Outlet {

    private Outlet() {}

    /**
     * Writes and flushes.
     *
     * <p>Most writes are through when the flush returns; only for one that is not does anything wait: an empty write
     * behind it, which the channel completes when everything before it has gone.
     *
     * @return false while it waits
     */
    static boolean write(ChannelHandlerContext context, ByteBuf bytes, Sent sent) {
        Channel channel = context.channel();
        if (!isPlain(channel)) {
            return writeThrough(context, bytes, sent);
        }
        context.writeAndFlush(bytes, channel.unsafe().voidPromise());
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting != null && !waiting.isEmpty()) {
            if (!sent.equals(Sent.IGNORED)) {
                sent.waits();
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> sent.sent(done.isSuccess()));
            }
            return false;
        }
        sent.sent(waiting != null);
        return true;
    }

    /** Writes and flushes by way of handlers which may hold bytes back where the channel's own queue does not show it. */
    private static boolean writeThrough(ChannelHandlerContext context, ByteBuf bytes, Sent sent) {
        ChannelFuture written = context.writeAndFlush(bytes);
        if (written.isDone()) {
            sent.sent(written.isSuccess());
            return true;
        }
        sent.waits();
        written.addListener(done -> sent.sent(done.isSuccess()));
        return false;
    }

    /** Tells whether bytes leave a channel as they are written: nobody stands between our handlers and the socket. */
    private static boolean isPlain(Channel channel) {
        ChannelHandler first = channel.pipeline().first();
        return first instanceof WebSocketHandler || first instanceof RequestDecoder;
    }

    /** The system's own socket of a channel, where writing to it is one call and all that is to be done; null elsewhere. */
    static @Nullable Socket socket(Channel channel) {
        return channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket socket && isPlain(channel)
                ? socket
                : null;
    }

    /** What encrypts a channel; null where nothing does. */
    static @Nullable TlsHandler tls(Channel channel) {
        return channel.pipeline().first() instanceof TlsHandler tls ? tls : null;
    }

    /** Tells how many bytes wait to be written, roughly: enough to see whether they become fewer. */
    static long unsent(Channel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes() - waiting.currentProgress();
    }

    /** Has the channel read again, if it does not and still can. */
    static void readOn(Channel channel) {
        if (!channel.config().isAutoRead() && channel.isActive()) {
            channel.config().setAutoRead(true);
        }
    }

    static void close(Channel channel) {
        channel.close();
    }

    /** Says that nothing more will be sent. */
    static void shutDown(Channel channel) {
        DuplexChannel socket = (DuplexChannel) channel;
        TlsHandler tls = tls(channel);
        if (tls == null) {
            socket.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(said -> socket.shutdownOutput());
        }
    }

    /** Closes at once and without delivering what waits, so that the peer cannot take what it got for all. */
    static void cut(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException closedAlready) {
            NettyLog.lost(channel, closedAlready);
        }
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            close(channel);
        } else {
            first.close(); // not by way of what would say goodbye
        }
    }

    /** Closes a channel whose peer said by way of TLS that it sends nothing more. */
    static void hear(Channel channel, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            close(channel);
        }
    }

    /** Closes a channel that has failed, and says why. */
    static void fail(Channel channel, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            NettyLog.lost(channel, cause);
        } else {
            NettyLog.failed(channel, cause);
        }
        close(channel);
    }
}
