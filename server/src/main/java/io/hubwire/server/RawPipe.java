package io.hubwire.server;

import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.ServerObserver;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection without a hub: every message is a unit of its own. */
final class RawPipe implements Pipe.Receiver, RawConnection {

    private static final Logger LOG = LoggerFactory.getLogger("io.hubwire.server.connection");
    private static final Dialect RAW = new Raw();

    private final Pipe pipe;
    private final String path;
    private final Outbox outbox;
    private final ServerObserver observer;
    private final Consumer<RawPipe> gone;
    private final ConnectionHandler.Receiver receiver;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    RawPipe(Pipe pipe, HubServerBuilder.Mounted mounted, ServerObserver observer, Consumer<RawPipe> gone) {
        this.pipe = pipe;
        this.path = mounted.path();
        this.observer = observer;
        this.gone = gone;
        this.outbox = new Outbox(RAW, Outbox.Limits.of(mounted.mount().transports()), new Alerts());
        this.receiver = mounted.handlerOrThrow().open(this);
    }

    @Override
    public String id() {
        return pipe.id().value();
    }

    @Override
    public ConnectionRequest request() {
        return pipe.request();
    }

    @Override
    public Optional<Principal> user() {
        return pipe.user();
    }

    @Override
    public CompletionStage<Void> send(ByteBuffer bytes) {
        outbox.add(Outbox.Item.numbered(bytes));
        return outbox.room();
    }

    @Override
    public void close() {
        end(Pipe.Ending.NORMAL);
    }

    void end(Pipe.Ending ending) {
        outbox.close(null);
        pipe.end(ending);
    }

    /** Done when the transport is over. */
    CompletableFuture<Void> over() {
        return over;
    }

    void abort() {
        outbox.close(null);
        pipe.abort();
    }

    @Override
    public boolean received(ByteBuffer bytes) {
        receiver.received(bytes);
        if (outbox.hasRoom()) {
            return true;
        }
        // Whoever sends without reading is read no faster than it reads.
        outbox.room().thenRun(pipe::resume);
        return false;
    }

    @Override
    public @Nullable ByteBuffer take() {
        return outbox.take();
    }

    @Override
    public boolean handedOver(boolean written) {
        return outbox.handedOver(written);
    }

    @Override
    public void left() {
        close();
    }

    @Override
    public void authenticationExpired() {
        end(Pipe.Ending.NORMAL);
    }

    @Override
    public void stalled() {
        drop(outbox.waitingBytes());
    }

    private void drop(long bytes) {
        LOG.warn("[{}] A client does not read: disconnected with {} bytes unsent", pipe.id(), bytes);
        try {
            observer.dropped(path, pipe.id(), bytes);
        } catch (RuntimeException | Error thrown) {
            LOG.error("The server observer threw", thrown);
        }
        abort();
    }

    @Override
    public void closed(Optional<Throwable> error) {
        outbox.clear();
        gone.accept(this);
        // What the application does then is not for the engine's thread.
        Thread.startVirtualThread(() -> over.complete(null));
        receiver.closed();
    }

    private final class Alerts implements Outbox.Listener {

        @Override
        public void ready() {
            pipe.ready();
        }

        @Override
        public void overflowed(long bytes) {
            drop(bytes);
        }
    }

    private static final class Raw implements Dialect {

        @Override
        public String name() {
            return "raw";
        }

        @Override
        public ByteBuffer encode(Message.Call call) {
            throw new IllegalStateException("A raw connection is no member of a hub");
        }

        @Override
        public ByteBuffer frame(Waiting waiting) {
            return waiting.next();
        }

        @Override
        public int messagesPerFrame() {
            return 1;
        }
    }
}
