package io.hubwire.server.netty;

@On(Engine.EPOLL)
final class NettyHostOnEpollIT extends NettyHostContract {}
