package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.WebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Remembers what a host tells about a WebSocket, and where it was told. */
final class RecordingReceiver implements WebSocketPeer.Receiver {

    private final Function<RecordingReceiver, Boolean> onReceived;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable WebSocketPeer peer;
    private volatile boolean alwaysOnLoop = true;

    /** Takes everything. */
    RecordingReceiver() {
        this(recording -> true);
    }

    /** Asks {@code onReceived} what to answer to each piece. */
    RecordingReceiver(Function<RecordingReceiver, Boolean> onReceived) {
        this.onReceived = onReceived;
    }

    @Override
    public void opened(WebSocketPeer opened) {
        peer = opened;
        happened("opened");
    }

    @Override
    public boolean received(ByteBuffer bytes) {
        lock.lock();
        try {
            while (bytes.hasRemaining()) {
                received.write(bytes.get());
            }
        } finally {
            lock.unlock();
        }
        happened("received");
        return onReceived.apply(this);
    }

    @Override
    public void pong() {
        happened("pong");
    }

    @Override
    public void closed(boolean clean) {
        happened(clean ? "closed in order" : "lost");
    }

    private void happened(String event) {
        if (!peer().loop().isCurrent()) {
            alwaysOnLoop = false;
        }
        events.add(event);
    }

    WebSocketPeer peer() {
        return Objects.requireNonNull(peer, "not opened");
    }

    boolean isOpened() {
        return events.contains("opened");
    }

    boolean isOver() {
        return events.contains("closed in order") || events.contains("lost");
    }

    boolean wasAlwaysOnLoop() {
        return alwaysOnLoop;
    }

    List<String> events() {
        return events;
    }

    int size() {
        lock.lock();
        try {
            return received.size();
        } finally {
            lock.unlock();
        }
    }

    String text() {
        lock.lock();
        try {
            return received.toString(UTF_8);
        } finally {
            lock.unlock();
        }
    }
}
