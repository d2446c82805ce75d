package io.hubwire.server.netty;

final class NettyHostOnEpollIT extends NettyHostFixture {

    NettyHostOnEpollIT() {
        super(Engine.EPOLL);
    }
}
