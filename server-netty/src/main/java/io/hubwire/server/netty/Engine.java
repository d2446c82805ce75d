package io.hubwire.server.netty;

import io.netty.channel.ChannelConfig;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;

/**
 * How sockets are waited for.
 *
 * <p>The native ones load a library: a JVM that is to do so without a warning is started with
 * {@code --enable-native-access=io.netty.common} (on the module path) or {@code --enable-native-access=ALL-UNNAMED} (on
 * the class path).
 */
public enum Engine {
    /** Linux' queues of requests and results; few system calls under load. */
    IO_URING,
    /** Linux' readiness; the default where it is available. */
    EPOLL,
    /** What the JDK brings; everywhere. */
    NIO;

    private static final short BUFFERS = 1;
    private static final short RING_SIZE = 64;
    private static final int RESULTS = 16 * 1024;

    /** Tells whether this machine has it. */
    public boolean isAvailable() {
        return switch (this) {
            case IO_URING -> IoUring.isAvailable();
            case EPOLL -> Epoll.isAvailable();
            case NIO -> true;
        };
    }

    /** Returns epoll where there is, NIO elsewhere. */
    static Engine usual() {
        return EPOLL.isAvailable() ? EPOLL : NIO;
    }

    IoHandlerFactory handlers() {
        return switch (this) {
            case IO_URING -> IoUringIoHandler.newFactory(rings());
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** A ring of buffers for all sockets of a loop: one that waits for something to read owns none. */
    private static IoUringIoHandlerConfig rings() {
        IoUringIoHandlerConfig config = new IoUringIoHandlerConfig().setCqSize(RESULTS);
        if (IoUring.isRegisterBufferRingSupported()) {
            config.setBufferRingConfig(IoUringBufferRingConfig.builder()
                    .bufferGroupId(BUFFERS)
                    .bufferRingSize(RING_SIZE)
                    .batchSize(RING_SIZE / 4)
                    .allocator(new IoUringFixedBufferRingAllocator(ReadBuffer.SIZE))
                    .build());
        }
        return config;
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (this) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** Tells whether a call has read or written when it returns, so that all sockets of a loop can share buffers. */
    boolean actsAtOnce() {
        return this != IO_URING;
    }

    /** Has a socket that was accepted read into what is there for all of its loop. */
    void shareBuffers(ChannelConfig socket, NettyLoop loop) {
        if (actsAtOnce()) {
            socket.setRecvByteBufAllocator(loop.reads);
        } else if (IoUring.isRegisterBufferRingSupported()) {
            socket.setOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFERS);
        }
    }
}
