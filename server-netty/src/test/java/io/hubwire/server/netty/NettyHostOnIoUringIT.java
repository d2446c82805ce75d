package io.hubwire.server.netty;

final class NettyHostOnIoUringIT extends NettyHostFixture {

    NettyHostOnIoUringIT() {
        super(Engine.IO_URING);
    }
}
