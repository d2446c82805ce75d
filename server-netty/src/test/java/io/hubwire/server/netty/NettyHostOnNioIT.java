package io.hubwire.server.netty;

@On(Engine.NIO)
final class NettyHostOnNioIT extends NettyHostContract {}
