package io.hubwire.testkit;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import io.hubwire.testkit.ClientSocket.Event;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/** The server's side of a WebSocket in memory. On the loop only, but for what hops there. */
final class InMemoryPeer implements WebSocketPeer {

    private static final int NORMAL = 1000;
    private static final int NOT_UTF_8 = 1007;

    private final InMemoryLoop loop;
    private final InMemoryWire wire;
    private final InMemorySocket client;
    private final Receiver receiver;
    private final Queue<ByteBuffer> undelivered = new ArrayDeque<>();
    private boolean paused;
    private boolean closing;
    private boolean closeWaits;
    private boolean over;

    InMemoryPeer(InMemoryLoop loop, InMemoryWire wire, InMemorySocket client, Receiver receiver) {
        this.loop = loop;
        this.wire = wire;
        this.client = client;
        this.receiver = receiver;
    }

    // what the client does

    /** A message came, in one piece or in several. */
    void message(boolean text, ByteBuffer... pieces) {
        if (closing || over) {
            return;
        }
        if (text && !isUtf8(pieces)) {
            end(false, new Event.Close(NOT_UTF_8, ""));
            return;
        }
        for (ByteBuffer piece : pieces) {
            undelivered.add(copy(piece));
        }
        deliver();
    }

    private static ByteBuffer copy(ByteBuffer piece) {
        return ByteBuffer.allocate(piece.remaining()).put(piece.duplicate()).flip();
    }

    private static boolean isUtf8(ByteBuffer... pieces) {
        int size = 0;
        for (ByteBuffer piece : pieces) {
            size += piece.remaining();
        }
        ByteBuffer whole = ByteBuffer.allocate(size);
        for (ByteBuffer piece : pieces) {
            whole.put(piece.duplicate());
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(whole.flip());
            return true;
        } catch (CharacterCodingException broken) {
            return false;
        }
    }

    private void deliver() {
        while (!paused && !closing && !over && !undelivered.isEmpty()) {
            ByteBuffer piece = undelivered.remove();
            if (piece.hasRemaining()) {
                paused = !receiver.received(piece);
                spoil(piece);
            } else {
                receiver.pong();
            }
        }
        if (closeWaits && undelivered.isEmpty()) {
            closed();
        }
    }

    /** What was received is valid during the call only: whoever keeps it will notice. */
    private static void spoil(ByteBuffer piece) {
        Arrays.fill(piece.array(), piece.arrayOffset(), piece.arrayOffset() + piece.capacity(), (byte) 0xff);
    }

    void pinged(String payload) {
        if (!closing && !over) {
            wire.follow(() -> client.happened(new Event.Pong(payload)));
            receiver.pong();
        }
    }

    void ponged() {
        if (!closing && !over) {
            receiver.pong();
        }
    }

    /** A close frame came. */
    void closed() {
        if (over) {
            return;
        }
        if (closing) {
            over(true);
        } else if (!undelivered.isEmpty()) {
            closeWaits = true;
        } else {
            end(true, new Event.Close(NORMAL, ""));
        }
    }

    private void end(boolean clean, Event goodbye) {
        closing = true;
        wire.follow(() -> client.happened(goodbye));
        over(clean);
    }

    private void over(boolean clean) {
        over = true;
        wire.follow(() -> client.happened(new Event.Gone()));
        wire.cut();
        receiver.closed(clean);
    }

    /** The client went away. */
    void lost() {
        if (!over) {
            over = true;
            client.happened(new Event.Gone());
            receiver.closed(false);
        }
    }

    // what the server does

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void send(boolean text, ByteBuffer message, Sent sent) {
        if (closing || over) {
            sent.sent(false);
        } else {
            wire.write(() -> client.happened(message(text, message)), sent);
        }
    }

    private static Event message(boolean text, ByteBuffer message) {
        ByteBuffer copy = copy(message);
        return text ? new Event.Text(StandardCharsets.UTF_8.decode(copy).toString()) : new Event.Binary(copy);
    }

    @Override
    public void ping() {
        if (!closing && !over) {
            wire.follow(() -> client.happened(new Event.Ping("")));
        }
    }

    @Override
    public void close(int code, String reason) {
        if (!closing && !over) {
            closing = true;
            wire.follow(() -> client.happened(new Event.Close(code, reason)));
        }
    }

    @Override
    public void terminate() {
        loop.execute(() -> {
            if (!over) {
                over = true;
                wire.cut();
                client.happened(new Event.Gone());
                receiver.closed(false);
            }
        });
    }

    @Override
    public void resume() {
        loop.execute(() -> {
            paused = false;
            deliver();
        });
    }
}
