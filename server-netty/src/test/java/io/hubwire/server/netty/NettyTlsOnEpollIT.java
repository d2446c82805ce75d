package io.hubwire.server.netty;

@On(Engine.EPOLL)
final class NettyTlsOnEpollIT extends NettyTlsContract {}
