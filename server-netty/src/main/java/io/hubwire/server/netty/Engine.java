package io.hubwire.server.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
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
            case IO_URING -> IoUringIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (this) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** Whether a read fills its buffer at once, so that all sockets of a loop can share one. */
    boolean readsAtOnce() {
        return this != IO_URING;
    }
}
