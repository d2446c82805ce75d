package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The server's side of a request in memory. What is called from other threads hops to the loop. */
final class InMemoryExchange implements HttpExchange {

    private static final int SOME_PORT = 49152;

    private final InMemoryLoop loop;
    private final ClientRequest request;
    private final InMemorySocket socket;
    private final boolean upgradable;
    private final InMemoryAnswer answer = new InMemoryAnswer();
    private final InMemoryWire wire = new InMemoryWire();
    private final List<Map.Entry<String, String>> responseHeaders = new ArrayList<>();

    /** Calls that are on their way to the loop: no later one may overtake them. */
    private final AtomicInteger hops = new AtomicInteger();

    private boolean bodyAsked;
    private boolean answered;

    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    private boolean arrivedWhole;
    private @Nullable Body asker;
    private int limit;
    private boolean over;
    private boolean gone;
    private @Nullable Runnable whenGone;
    private @Nullable InMemoryPeer peer;

    InMemoryExchange(InMemoryLoop loop, ClientRequest request, boolean upgradable) {
        this.loop = loop;
        this.request = request;
        this.upgradable = upgradable;
        this.socket = new InMemorySocket(this);
        arrive(request.body());
    }

    InMemoryLoop turns() {
        return loop;
    }

    InMemorySocket socket() {
        return socket;
    }

    InMemoryAnswer answer() {
        return answer;
    }

    InMemoryWire wire() {
        return wire;
    }

    // what the client does, on the loop

    /** More of the body came. */
    void arrive(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        arrived.writeBytes(copy);
        long declared = request.length().orElse(Long.MAX_VALUE);
        if (arrived.size() >= declared) {
            arrivedWhole = true;
        }
        tellBody();
    }

    /** The body is whole. */
    void arriveWhole() {
        arrivedWhole = true;
        tellBody();
    }

    private void tellBody() {
        Body waiting = asker;
        if (waiting == null) {
            return;
        }
        if (gone) {
            asker = null;
            waiting.aborted();
        } else if (arrived.size() > limit || request.length().orElse(0) > limit) {
            asker = null;
            waiting.tooLarge();
        } else if (arrivedWhole) {
            asker = null;
            waiting.complete(ByteBuffer.wrap(arrived.toByteArray()));
        }
    }

    /** The client goes away without a word. */
    void vanish() {
        if (gone) {
            return;
        }
        gone = true;
        wire.cut();
        answer.cutOff();
        if (peer != null) {
            peer.lost();
        } else if (!over) {
            tellBody();
            tellGone();
        }
    }

    private void tellGone() {
        Runnable listener = whenGone;
        whenGone = null;
        if (listener != null) {
            listener.run();
        }
    }

    // what the server does

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        String path = request.target().split("\\?", 2)[0];
        return URLDecoder.decode(path.replace("+", "%2B"), UTF_8);
    }

    @Override
    public String rawQuery() {
        String[] parts = request.target().split("\\?", 2);
        return parts.length < 2 ? "" : parts[1];
    }

    @Override
    public List<String> headers(String name) {
        return headers().getOrDefault(name, List.of());
    }

    @Override
    public Map<String, List<String>> headers() {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("Host", List.of("localhost"));
        request.headers()
                .forEach(field -> all.computeIfAbsent(field.getKey(), first -> new ArrayList<>())
                        .add(field.getValue()));
        return all;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), SOME_PORT);
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public Optional<Principal> principal() {
        return Optional.empty();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void body(int most, Body body) {
        if (bodyAsked) {
            throw new IllegalStateException("body: asked for before (expected: once)");
        }
        bodyAsked = true;
        hop(() -> {
            limit = most;
            asker = body;
            tellBody();
        });
    }

    @Override
    public void responseHeader(String name, String value) {
        responseHeaders.add(Map.entry(name, value));
    }

    @Override
    public void respond(int status, ByteBuffer body, Sent sent) {
        claim();
        hop(() -> wire.write(() -> deliver(status, body), new Sent() {
            @Override
            public void waits() {
                sent.waits();
            }

            @Override
            public void sent(boolean written) {
                over = written;
                sent.sent(written);
            }
        }));
    }

    private void deliver(int status, ByteBuffer body) {
        if (status != 204 && status != 304) {
            answer.header("Content-Length", Integer.toString(body.remaining()));
        }
        begin(status);
        if (!request.method().equals("HEAD")) {
            answer.add(body);
        }
        answer.end();
    }

    private void begin(int status) {
        responseHeaders.forEach(field -> answer.header(field.getKey(), field.getValue()));
        answer.begin(status);
    }

    void notFound() {
        respond(404, ByteBuffer.allocate(0), Sent.IGNORED);
    }

    @Override
    public ResponseStream stream(int status) {
        claim();
        hop(() -> wire.follow(() -> begin(status)));
        return new Pieces();
    }

    @Override
    public void onGone(Runnable listener) {
        hop(() -> {
            if (gone) {
                listener.run();
            } else if (!over) {
                whenGone = listener;
            }
        });
    }

    @Override
    public boolean isUpgrade() {
        return upgradable;
    }

    @Override
    public void upgrade(Optional<String> subProtocol, WebSocketPeer.Receiver receiver) {
        if (!upgradable) {
            throw new IllegalStateException("upgrade of a request that is none (expected: isUpgrade)");
        }
        claim();
        hop(() -> {
            InMemoryPeer opened = new InMemoryPeer(loop, wire, socket, receiver);
            peer = opened;
            subProtocol.ifPresent(name -> answer.header("Sec-WebSocket-Protocol", name));
            wire.follow(() -> begin(101));
            socket.open(opened);
            receiver.opened(opened);
            if (gone) {
                opened.lost();
            }
        });
    }

    private void claim() {
        if (answered) {
            throw new IllegalStateException("answered before (expected: once)");
        }
        answered = true;
    }

    private void hop(Runnable task) {
        if (loop.isCurrent() && hops.get() == 0) {
            task.run();
            return;
        }
        hops.incrementAndGet();
        loop.execute(() -> {
            hops.decrementAndGet();
            task.run();
        });
    }

    /** An answer in pieces. */
    private final class Pieces implements ResponseStream {

        @Override
        public void write(ByteBuffer bytes, Sent sent) {
            hop(() -> {
                if (over) {
                    sent.sent(false);
                } else {
                    wire.write(() -> answer.add(bytes), sent);
                }
            });
        }

        @Override
        public void end() {
            hop(() -> wire.follow(() -> {
                over = true;
                answer.end();
            }));
        }

        @Override
        public void abort() {
            hop(() -> {
                over = true;
                wire.cut();
                answer.cutOff();
            });
        }
    }
}
