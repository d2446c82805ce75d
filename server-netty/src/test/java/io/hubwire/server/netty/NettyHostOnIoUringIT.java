package io.hubwire.server.netty;

@On(Engine.IO_URING)
final class NettyHostOnIoUringIT extends NettyHostContract {}
