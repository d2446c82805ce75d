package io.hubwire.server.netty;

final class NettyHostOnNioIT extends NettyHostFixture {

    NettyHostOnNioIT() {
        super(Engine.NIO);
    }
}
