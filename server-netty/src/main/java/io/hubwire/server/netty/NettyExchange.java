package io.hubwire.server.netty;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * <p>What was asked never changes. What is called from other threads, one call after the other, hops to the event loop;
 * everything below {@link #hop} is confined to it.
 */
final class NettyExchange implements HttpExchange {

    private static final int MOST_THROWN_AWAY = 64 * 1024;

    private final HttpConnection connection;
    private final NettyLoop loop;
    private final HttpRequest request;
    private final RequestTarget target;
    private final boolean upgradable;
    private final InetSocketAddress remoteAddress;
    private final boolean secure;
    private final Optional<Principal> principal;
    private final Fields fields = new Fields();

    /** Calls that are on their way to the loop: no later one may overtake them. */
    private final AtomicInteger hops = new AtomicInteger();

    private boolean bodyAsked;
    private boolean answered;

    private final boolean chunked;
    private final long contentLength;
    private boolean inputEnded;
    private boolean begun;
    private boolean outputEnded;
    private boolean gone;
    private boolean awaitsContinue;
    private boolean overfull;
    private long thrownAway;
    private @Nullable RequestBody body;
    private @Nullable Runnable whenGone;

    NettyExchange(HttpConnection connection, HttpRequest request, RequestTarget target, boolean upgradable) {
        this.connection = connection;
        this.loop = connection.loop();
        this.request = request;
        this.target = target;
        this.upgradable = upgradable;
        this.remoteAddress = (InetSocketAddress) connection.channel().remoteAddress();
        TlsHandler tls = Outlet.tls(connection.channel());
        this.secure = tls != null;
        this.principal = tls == null ? Optional.empty() : tls.principal();
        this.chunked = HttpUtil.isTransferEncodingChunked(request);
        this.contentLength = chunked ? 0 : HttpUtil.getContentLength(request, 0L);
        this.inputEnded = !chunked && contentLength == 0;
        this.awaitsContinue = !inputEnded && HttpUtil.is100ContinueExpected(request);
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String path() {
        return target.path();
    }

    @Override
    public String rawQuery() {
        return target.query();
    }

    @Override
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    @Override
    public Map<String, List<String>> headers() {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers()
                .forEach(field -> all.computeIfAbsent(field.getKey(), first -> new ArrayList<>(1))
                        .add(field.getValue()));
        return all;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public Optional<Principal> principal() {
        return principal;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isUpgrade() {
        return upgradable;
    }

    @Override
    public void responseHeader(String name, String value) {
        fields.add(name, value);
    }

    @Override
    public void body(int limit, Body asker) {
        if (bodyAsked) {
            throw new IllegalStateException("body: asked for before (expected: once)");
        }
        bodyAsked = true;
        hop(() -> collect(limit, asker));
    }

    @Override
    public void respond(int status, ByteBuffer bytes, Sent sent) {
        claim();
        hop(() -> answer(HttpResponseStatus.valueOf(status), bytes, sent));
    }

    /** Answers with nothing but a head; false when there is an answer already. */
    boolean respondEmpty(HttpResponseStatus status) {
        if (answered) {
            return false;
        }
        respond(status.code(), ByteBuffer.allocate(0), Sent.IGNORED);
        return true;
    }

    @Override
    public ResponseStream stream(int status) {
        claim();
        NettyStream stream = new NettyStream(this);
        hop(() -> stream.begin(HttpResponseStatus.valueOf(status)));
        return stream;
    }

    @Override
    public void upgrade(Optional<String> subProtocol, WebSocketPeer.Receiver receiver) {
        if (!upgradable) {
            throw new IllegalStateException("upgrade of a request that is none (expected: isUpgrade)");
        }
        claim();
        hop(() -> accept(subProtocol, receiver));
    }

    @Override
    public void onGone(Runnable listener) {
        hop(() -> {
            if (gone) {
                listener.run();
            } else if (!outputEnded) {
                whenGone = listener;
            }
        });
    }

    private void claim() {
        if (answered) {
            throw new IllegalStateException("answered before (expected: once)");
        }
        answered = true;
    }

    /** Runs a task on the loop: now, where that is where we are and nothing is on its way there. */
    void hop(Runnable task) {
        if (loop.isCurrent() && hops.get() == 0) {
            task.run();
            return;
        }
        hops.incrementAndGet();
        loop.later(() -> {
            hops.decrementAndGet();
            connection.guard(task);
        });
    }

    private void collect(int limit, Body asker) {
        if (gone) {
            asker.aborted();
        } else if (inputEnded) {
            asker.complete(ByteBuffer.allocate(0));
        } else if (contentLength > limit) {
            overfull = true;
            asker.tooLarge();
        } else {
            body = new RequestBody(limit, asker);
            if (awaitsContinue) {
                awaitsContinue = false;
                connection.sayContinue();
            }
            connection.readBody();
        }
    }

    /** A part of the body came. */
    void content(HttpContent content) {
        if (inputEnded) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            broken();
            return;
        }
        if (content instanceof LastHttpContent) {
            inputEnded = true;
            connection.shut();
        }
        int came = content.content().readableBytes();
        if (body == null) {
            thrownAway += came;
        } else if (!body.add(content.content())) {
            overflow(body);
            return;
        }
        if (inputEnded) {
            inputEnded();
        } else if (thrownAway > MOST_THROWN_AWAY) {
            connection.part();
        } else if (body != null) {
            connection.progressed(came);
        }
    }

    private void inputEnded() {
        if (outputEnded) {
            connection.next();
        } else if (body != null) {
            RequestBody whole = body;
            body = null;
            whole.complete();
        }
    }

    private void overflow(RequestBody tooLong) {
        body = null;
        overfull = true;
        connection.shut();
        tooLong.tooLarge();
    }

    private void broken() {
        gone();
        if (begun) {
            connection.cut();
        } else {
            connection.refuse(HttpResponseStatus.BAD_REQUEST, new Fields());
        }
    }

    private void answer(HttpResponseStatus status, ByteBuffer bytes, Sent sent) {
        if (gone) {
            sent.sent(false);
            return;
        }
        boolean keep = keepsAlive();
        boolean bodiless = status.code() == 204 || status.code() == 304;
        if (!bodiless) {
            fields.put("Content-Length", Integer.toString(bytes.remaining()));
        }
        boolean silent = bodiless || isHead();
        ByteBuf out = head(status, keep, silent ? 0 : bytes.remaining());
        if (!silent) {
            out.writeBytes(bytes.duplicate());
        }
        connection.writeInTime(out, new Sent() {
            @Override
            public void waits() {
                sent.waits();
            }

            @Override
            public void sent(boolean written) {
                outputEnded = written;
                sent.sent(written);
                if (written) {
                    ended(keep);
                }
            }
        });
    }

    /** The head of the answer, in a buffer with room for {@code more}. */
    ByteBuf head(HttpResponseStatus status, boolean keep, int more) {
        begun = true;
        fields.put("Date", loop.date());
        if (!keep) {
            fields.put("Connection", "close");
        } else if (!isHttp11()) {
            fields.put("Connection", "keep-alive");
        }
        ByteBuf out = connection.outgoing(fields.size() + more);
        fields.writeTo(out, status);
        return out;
    }

    /** Tells whether another request may follow: what the client has not sent yet of this one must not be long. */
    boolean keepsAlive() {
        boolean restIsShort = inputEnded || (!overfull && !awaitsContinue && contentLength <= MOST_THROWN_AWAY);
        return restIsShort && HttpUtil.isKeepAlive(request);
    }

    boolean isHttp11() {
        return HttpVersion.HTTP_1_1.equals(request.protocolVersion());
    }

    boolean isHead() {
        return HttpMethod.HEAD.equals(request.method());
    }

    boolean isGone() {
        return gone;
    }

    Fields fields() {
        return fields;
    }

    HttpConnection connection() {
        return connection;
    }

    /** The answer has left. */
    void ended(boolean keep) {
        outputEnded = true;
        whenGone = null;
        if (!keep) {
            connection.end(inputEnded);
        } else if (inputEnded) {
            connection.next();
        } else {
            connection.readBody();
        }
    }

    private void accept(Optional<String> subProtocol, WebSocketPeer.Receiver receiver) {
        Optional<PerMessageDeflate> compression = Optional.ofNullable(loop.compression)
                .flatMap(shared -> PerMessageDeflate.of(headers("Sec-WebSocket-Extensions"), shared.options()));
        WebSocketHandler peer = new WebSocketHandler(loop, receiver, connection.context(), compression);
        if (gone) {
            receiver.opened(peer);
            receiver.closed(false);
            return;
        }
        outputEnded = true;
        fields.put("Upgrade", "websocket");
        fields.put("Connection", "Upgrade");
        fields.put("Sec-WebSocket-Accept", Upgrade.accept(request));
        subProtocol.ifPresent(name -> fields.add("Sec-WebSocket-Protocol", name));
        compression.ifPresent(agreed -> fields.put("Sec-WebSocket-Extensions", agreed.answer()));
        ByteBuf out = connection.outgoing(fields.size());
        fields.writeTo(out, HttpResponseStatus.SWITCHING_PROTOCOLS);
        connection.upgrade(out, peer, receiver);
    }

    /** The client went away before the answer had ended, or what it sends makes no sense any more. */
    void gone() {
        if (gone || outputEnded) {
            return;
        }
        gone = true;
        if (body != null) {
            RequestBody cutOff = body;
            body = null;
            cutOff.abort();
        }
        if (whenGone != null) {
            Runnable listener = whenGone;
            whenGone = null;
            listener.run();
        }
    }
}
