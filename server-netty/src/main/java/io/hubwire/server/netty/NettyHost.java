package io.hubwire.server.netty;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.*;
import io.netty.channel.epoll.*;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.*;
import io.netty.handler.codec.http.websocketx.*;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.NullUnmarked;

/** A stand-in until the host is there. */
@NullUnmarked
@SuppressWarnings("all")
public final class NettyHost implements AutoCloseable {
    private final EventLoopGroup group;
    private final Channel channel;
    private static final Map<io.netty.channel.EventLoop, Loop> LOOPS = new ConcurrentHashMap<>();

    NettyHost(Builder b) throws Exception {
        group = new MultiThreadIoEventLoopGroup(b.threads, EpollIoHandler.newFactory());
        channel = new ServerBootstrap().group(group).channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096).option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override protected void initChannel(SocketChannel ch) {
                        ch.pipeline().addLast("codec", new HttpServerCodec()).addLast("agg", new HttpObjectAggregator(1 << 24)).addLast("h", new Handler(b.endpoints));
                    }
                }).bind(new InetSocketAddress(b.address, b.port)).sync().channel();
    }
    /** b. */ public static Builder builder() { return new Builder(); }
    /** p. */ public int port() { return ((InetSocketAddress) channel.localAddress()).getPort(); }
    @Override public void close() { channel.close().syncUninterruptibly(); group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly(); }

    /** B. */
    public static final class Builder {
        private String address = "127.0.0.1"; private int port; private int threads = 1; private final List<HttpEndpoint> endpoints = new ArrayList<>();
        private Builder() {}
        /** a. */ public Builder address(String v) { address = v; return this; }
        /** p. */ public Builder port(int v) { port = v; return this; }
        /** t. */ public Builder threads(int v) { threads = v; return this; }
        /** e. */ public Builder endpoint(HttpEndpoint v) { endpoints.add(v); return this; }
        /** s. */ public NettyHost start() { try { return new NettyHost(this); } catch (Exception e) { throw new IllegalStateException(e); } }
    }
    static final class Loop implements EventLoop {
        final io.netty.channel.EventLoop l; Loop(io.netty.channel.EventLoop l) { this.l = l; }
        public boolean isCurrent() { return l.inEventLoop(); }
        public void execute(Runnable r) { l.execute(r); }
    }
    static final class Handler extends ChannelInboundHandlerAdapter {
        final List<HttpEndpoint> endpoints; Exchange current; Peer peer; final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
        Handler(List<HttpEndpoint> e) { endpoints = e; }
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (peer != null) { peer.frame((WebSocketFrame) msg); return; }
            FullHttpRequest r = (FullHttpRequest) msg;
            if (current != null) { waiting.add(r); return; }
            serve(ctx, r);
        }
        void serve(ChannelHandlerContext ctx, FullHttpRequest r) {
            current = new Exchange(this, ctx, r);
            for (HttpEndpoint e : endpoints) if (e.handle(current)) return;
            current.respond(404, ByteBuffer.allocate(0), Sent.IGNORED);
        }
        void done(ChannelHandlerContext ctx) { current.request.release(); current = null; FullHttpRequest n = waiting.poll(); if (n != null) serve(ctx, n); }
        public void channelInactive(ChannelHandlerContext ctx) {
            if (peer != null) { peer.gone(); return; }
            if (current != null && current.gone != null) { Runnable g = current.gone; current.gone = null; g.run(); }
        }
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable t) { ctx.close(); }
    }
    static final class Exchange implements HttpExchange {
        final Handler h; final ChannelHandlerContext ctx; final FullHttpRequest request; Runnable gone; final QueryStringDecoder q; final HttpHeaders out = new DefaultHttpHeaders();
        Exchange(Handler h, ChannelHandlerContext ctx, FullHttpRequest r) { this.h = h; this.ctx = ctx; request = r; q = new QueryStringDecoder(r.uri()); }
        public String method() { return request.method().name(); }
        public String path() { return q.path(); }
        public String rawQuery() { return q.rawQuery(); }
        public List<String> headers(String n) { return request.headers().getAll(n); }
        public Map<String, List<String>> headers() { Map<String, List<String>> m = new TreeMap<>(String.CASE_INSENSITIVE_ORDER); for (String n : request.headers().names()) m.put(n, request.headers().getAll(n)); return m; }
        public InetSocketAddress remoteAddress() { return (InetSocketAddress) ctx.channel().remoteAddress(); }
        public boolean isSecure() { return false; }
        public Optional<Principal> principal() { return Optional.empty(); }
        public EventLoop loop() { return LOOPS.computeIfAbsent(ctx.channel().eventLoop(), Loop::new); }
        public void body(int limit, Body body) { if (request.content().readableBytes() > limit) { body.tooLarge(); return; } byte[] b = new byte[request.content().readableBytes()]; request.content().readBytes(b); body.complete(ByteBuffer.wrap(b)); }
        public void responseHeader(String n, String v) { out.add(n, v); }
        public void respond(int status, ByteBuffer body, Sent sent) {
            ctx.channel().eventLoop().execute(() -> {
                DefaultFullHttpResponse r = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.copiedBuffer(body.duplicate()));
                r.headers().add(out); if (status != 204) r.headers().set("Content-Length", body.remaining());
                gone = null;
                ctx.writeAndFlush(r).addListener(f -> sent.sent(f.isSuccess()));
                h.done(ctx);
            });
        }
        public ResponseStream stream(int status) {
            DefaultHttpResponse r = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)); r.headers().add(out).set("Transfer-Encoding", "chunked");
            ctx.writeAndFlush(r);
            return new ResponseStream() {
                public void write(ByteBuffer b, Sent sent) { ctx.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(b.duplicate()))).addListener(f -> sent.sent(f.isSuccess())); }
                public void end() { ctx.channel().eventLoop().execute(() -> { gone = null; ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT); h.done(ctx); }); }
                public void abort() { ctx.close(); }
            };
        }
        public void onGone(Runnable g) { gone = g; }
        public boolean isUpgrade() { return "websocket".equalsIgnoreCase(request.headers().get("upgrade")); }
        public void upgrade(Optional<String> sub, WebSocketPeer.Receiver receiver) {
            gone = null;
            WebSocketServerHandshaker hs = new WebSocketServerHandshakerFactory("ws://x/", sub.orElse(null), true, 1 << 24).newHandshaker(request);
            h.peer = new Peer(this, receiver);
            hs.handshake(ctx.channel(), request, out, ctx.newPromise()).addListener(f -> { receiver.opened(h.peer); });
        }
    }
    static final class Peer implements WebSocketPeer {
        final Exchange x; final Receiver r; boolean clean, closing, dead; final Deque<byte[]> held = new ArrayDeque<>(); boolean paused;
        Peer(Exchange x, Receiver r) { this.x = x; this.r = r; }
        void frame(WebSocketFrame f) {
            try {
                if (f instanceof CloseWebSocketFrame) { clean = true; if (!closing) x.ctx.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(ChannelFutureListener.CLOSE); else x.ctx.close(); }
                else if (f instanceof PingWebSocketFrame) x.ctx.writeAndFlush(new PongWebSocketFrame());
                else if (f instanceof PongWebSocketFrame) r.pong();
                else { byte[] b = new byte[f.content().readableBytes()]; f.content().readBytes(b); if (paused) held.add(b); else paused = !r.received(ByteBuffer.wrap(b)); }
            } finally { f.release(); }
        }
        void gone() { if (!dead) { dead = true; r.closed(clean); } }
        public EventLoop loop() { return x.loop(); }
        public void send(boolean text, ByteBuffer m, Sent s) { ByteBuf b = Unpooled.copiedBuffer(m.duplicate()); x.ctx.writeAndFlush(text ? new TextWebSocketFrame(b) : new BinaryWebSocketFrame(b)).addListener(f -> s.sent(f.isSuccess())); }
        public void ping() { x.ctx.writeAndFlush(new PingWebSocketFrame()); }
        public void close(int code, String reason) { closing = true; x.ctx.writeAndFlush(new CloseWebSocketFrame(code, reason)); }
        public void terminate() { x.ctx.close(); }
        public void resume() { x.ctx.channel().eventLoop().execute(() -> { paused = false; while (!paused && !held.isEmpty()) paused = !r.received(ByteBuffer.wrap(held.poll())); }); }
    }
}
