package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client's side of a WebSocket in memory. */
final class InMemorySocket implements ClientSocket {

    private final InMemoryExchange exchange;
    private final InMemoryCaller caller;
    private final Queue<Event> events = new ArrayDeque<>();
    private @Nullable InMemoryPeer peer;
    private @Nullable Consumer<Event> listener;

    InMemorySocket(InMemoryExchange exchange) {
        this.exchange = exchange;
        this.caller = new InMemoryCaller(exchange);
    }

    void open(InMemoryPeer opened) {
        peer = opened;
    }

    /** The host did something. */
    void happened(Event event) {
        events.add(event);
        if (listener != null) {
            exchange.turns().execute(this::tell);
        }
    }

    /** Hands over what has happened and what will, each in a task of its own, instead of keeping it for {@link #next}. */
    void listen(Consumer<Event> to) {
        exchange.turns().turn(() -> {
            listener = to;
            tell();
        });
    }

    private void tell() {
        for (Event event = events.poll(); event != null && listener != null; event = events.poll()) {
            listener.accept(event);
        }
    }

    @Override
    public int status() {
        return caller.status();
    }

    @Override
    public List<String> headers(String name) {
        return caller.headers(name);
    }

    @Override
    public void text(String... messages) {
        turn(open -> {
            for (String message : messages) {
                open.message(true, ByteBuffer.wrap(message.getBytes(UTF_8)));
            }
        });
    }

    @Override
    public void binary(byte[] message) {
        turn(open -> open.message(false, ByteBuffer.wrap(message)));
    }

    @Override
    public void fragments(boolean text, byte[]... pieces) {
        ByteBuffer[] wrapped = new ByteBuffer[pieces.length];
        for (int i = 0; i < pieces.length; i++) {
            wrapped[i] = ByteBuffer.wrap(pieces[i]);
        }
        turn(open -> open.message(text, wrapped));
    }

    @Override
    public void ping(String payload) {
        turn(open -> open.pinged(payload));
    }

    @Override
    public void pong(String payload) {
        turn(InMemoryPeer::ponged);
    }

    @Override
    public void close(int code, String reason) {
        turn(InMemoryPeer::closed);
    }

    @Override
    public Event next() {
        exchange.turns().await(() -> !events.isEmpty());
        return events.remove();
    }

    @Override
    public void hold() {
        caller.hold();
    }

    @Override
    public void release() {
        caller.release();
    }

    @Override
    public void vanish() {
        caller.vanish();
    }

    private void turn(Consumer<InMemoryPeer> action) {
        exchange.turns().await(() -> peer != null);
        exchange.turns().turn(() -> {
            if (peer != null) {
                action.accept(peer);
            }
        });
    }
}
