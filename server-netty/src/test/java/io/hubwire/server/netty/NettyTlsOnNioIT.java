package io.hubwire.server.netty;

@On(Engine.NIO)
final class NettyTlsOnNioIT extends NettyTlsContract {}
