package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection that speaks HTTP/1.1: its requests are answered one after the other, in order.
 *
 * <pre>
 *            bytes          whole head            answered, and the body read
 *   idle  ---------->  head  ---------->  exchange  -----------------------------> idle
 *     |                  |                   |  |
 *     | keepAliveTimeout | requestTimeout    |  +-- upgraded --> WebSocketHandler
 *     v                  v                   | not to be kept, or a body too long to be thrown away
 *   closed <----------- closed <--- parting <+
 * </pre>
 *
 * <p>Parting: the sending side is shut, and what comes is thrown away until the client has closed too, since closing
 * with something unread would take the answer from a client that is still sending. Confined to the event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String WEB_SOCKET = "webSocket";

    /** So many bytes of a body must come within {@code requestTimeout}, or its rest. */
    private static final int PROGRESS = 4096;

    private final NettyLoop loop;
    private final List<HttpEndpoint> endpoints;
    private final RequestDecoder decoder;
    private final Deadlines.Entry deadline = new Deadlines.Entry(this::late);
    private @Nullable ChannelHandlerContext context;

    private @Nullable NettyExchange current;
    private boolean idle;
    private boolean parting;
    private boolean answering;
    private long unsentBefore;
    private int sinceProgress;

    HttpConnection(NettyLoop loop, List<HttpEndpoint> endpoints, Limits limits) {
        this.loop = loop;
        this.endpoints = endpoints;
        this.decoder = new RequestDecoder(this, limits);
    }

    /** The handler that has to stand before this one. */
    RequestDecoder decoder() {
        return decoder;
    }

    NettyLoop loop() {
        return loop;
    }

    Channel channel() {
        return context().channel();
    }

    ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.requests.begin(deadline);
    }

    /** Something was read; the time for the head of a request begins with its first byte. */
    void bytesCame() {
        if (idle) {
            idle = false;
            loop.requests.begin(deadline);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (parting) {
                return;
            }
            if (message instanceof HttpRequest request) {
                deadline.end();
                requested(request);
            } else if (message instanceof HttpContent content && current != null) {
                current.content(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void requested(HttpRequest request) {
        HttpResponseStatus refusal = refusal(request);
        Optional<RequestTarget> target = RequestTarget.parse(request.uri());
        if (refusal != null || target.isEmpty()) {
            refuse(refusal == null ? HttpResponseStatus.BAD_REQUEST : refusal, new Fields());
            return;
        }
        Upgrade upgrade = Upgrade.of(request);
        if (upgrade == Upgrade.OTHER_VERSION) {
            Fields supported = new Fields().put("Sec-WebSocket-Version", Upgrade.VERSION);
            refuse(HttpResponseStatus.UPGRADE_REQUIRED, supported);
            return;
        }
        decoder.shut();
        NettyExchange exchange = new NettyExchange(this, request, target.get(), upgrade == Upgrade.VALID);
        current = exchange;
        offer(exchange);
    }

    private static @Nullable HttpResponseStatus refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return switch (request.decoderResult().cause()) {
                case TooLongHttpLineException tooLong -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
                case TooLongHttpHeaderException tooLong -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
                default -> HttpResponseStatus.BAD_REQUEST;
            };
        }
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) {
            return HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        boolean hostIsClear = hosts == 1 || (hosts == 0 && version.minorVersion() == 0);
        return hostIsClear ? null : HttpResponseStatus.BAD_REQUEST;
    }

    private void offer(NettyExchange exchange) {
        try {
            for (HttpEndpoint endpoint : endpoints) {
                if (endpoint.handle(exchange)) {
                    return;
                }
            }
            exchange.respondEmpty(HttpResponseStatus.NOT_FOUND);
        } catch (RuntimeException | Error mistake) {
            NettyLog.unanswered(channel(), mistake);
            if (!exchange.respondEmpty(HttpResponseStatus.INTERNAL_SERVER_ERROR)) {
                cut();
            }
        }
    }

    /** Answers a request that nobody is asked about, and parts. */
    void refuse(HttpResponseStatus status, Fields fields) {
        NettyLog.refused(channel(), status.code(), "not in order");
        fields.put("Date", loop.date()).put("Content-Length", "0").put("Connection", "close");
        ByteBuf head = outgoing(fields.size());
        fields.writeTo(head, status);
        current = null;
        parting = true;
        writeInTime(head, written -> part());
    }

    /** Writes and flushes. */
    void write(ByteBuf bytes, Sent sent) {
        Outlet.write(context(), bytes, sent);
    }

    /** Writes and flushes; a client that takes nothing of it for as long as a request may take is cut off. */
    void writeInTime(ByteBuf bytes, Sent sent) {
        Outlet.write(context(), bytes, new Sent() {
            @Override
            public void waits() {
                watch();
                sent.waits();
            }

            @Override
            public void sent(boolean written) {
                answering = false;
                deadline.end();
                sent.sent(written);
            }
        });
    }

    /** A buffer to write {@code size} bytes into and to send. */
    ByteBuf outgoing(int size) {
        return loop.outgoing(size, context().alloc());
    }

    void sayContinue() {
        ByteBuf out = outgoing(CONTINUE.length());
        out.writeCharSequence(CONTINUE, US_ASCII);
        write(out, Sent.IGNORED);
    }

    /** Reads on: the body of the current request is wanted, or to be thrown away. */
    void readBody() {
        sinceProgress = 0;
        loop.requests.begin(deadline);
        decoder.open(context());
    }

    /** More of a body came; the time that it may take begins anew where that is more than a trickle. */
    void progressed(int bytes) {
        sinceProgress += bytes;
        if (sinceProgress >= PROGRESS) {
            sinceProgress = 0;
            loop.requests.begin(deadline);
        }
    }

    /** The body of the current request has ended, or nobody wants more of it. */
    void shut() {
        deadline.end();
        decoder.shut();
    }

    /** The current exchange is over, both ways. */
    void next() {
        current = null;
        idle = !decoder.holdsBytes();
        (idle ? loop.idle : loop.requests).begin(deadline);
        decoder.open(context());
    }

    /** The last exchange of the connection is over. */
    void end(boolean inputEnded) {
        if (inputEnded && !decoder.holdsBytes()) {
            Outlet.close(channel());
        } else {
            part();
        }
    }

    /** Says nothing more, and closes when the client has closed. */
    void part() {
        current = null;
        parting = true;
        decoder.turnDeaf(context());
        loop.partings.begin(deadline);
        Outlet.shutDown(channel());
    }

    /** Runs what came from another thread; a mistake in what it calls back ends the connection. */
    void guard(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error mistake) {
            NettyLog.failed(channel(), mistake);
            cut();
        }
    }

    /** Closes at once, so that the client cannot take what it got for a whole answer. */
    void cut() {
        Outlet.cut(channel());
    }

    private void watch() {
        answering = true;
        unsentBefore = Outlet.unsent(channel());
        loop.requests.begin(deadline);
    }

    private void late() {
        if (answering && Outlet.unsent(channel()) != unsentBefore) {
            watch();
            return;
        }
        NettyLog.late(channel());
        if (answering || parting) {
            cut();
        } else {
            Outlet.close(channel());
        }
    }

    /** Hands the socket over to the WebSocket protocol. */
    void upgrade(ByteBuf head, WebSocketHandler peer, WebSocketPeer.Receiver receiver) {
        deadline.end();
        current = null;
        ChannelPipeline pipeline = context().pipeline();
        write(head, Sent.IGNORED);
        pipeline.replace(this, WEB_SOCKET, peer);
        try {
            receiver.opened(peer);
        } finally {
            // it hears of its end in any case
            pipeline.remove(decoder);
            Outlet.readOn(channel());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {}

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.end();
        if (current != null) {
            NettyExchange cutOff = current;
            current = null;
            cutOff.gone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Outlet.fail(ctx.channel(), cause);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        Outlet.hear(ctx.channel(), event);
    }
}
