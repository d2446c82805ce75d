package io.hubwire.server.netty;

@On(Engine.IO_URING)
final class NettyTlsOnIoUringIT extends NettyTlsContract {}
