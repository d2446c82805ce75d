package io.hubwire.server.internal.connection;

import io.hubwire.protocol.FrameReader;
import io.hubwire.protocol.Framing;
import io.hubwire.protocol.Handshake;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Scheduler;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client of a hub: speaks the protocol over whatever pipe it came by.
 *
 * <pre>{@code
 *              handshake answered        onConnected returned
 *   SHAKING ------------------> ENTERING -------------------> OPEN
 *      |                           |                           |
 *      | refused, silent, gone     | refused, gone             | goodbye, abort, fault, gone, drained
 *      +-------------------------> ENDED <---------------------+
 * }</pre>
 *
 * <p>Input comes from one reader at a time: the transport, or whoever goes on with what the transport was not allowed to
 * deliver. Output and the end are safe for any thread. Nothing is read between the handshake and {@link #opened}.
 */
public final class HubConnection implements Pipe.Receiver {

    private static final Departure NOT_LEFT = new Departure(Optional.empty(), false);

    private enum State {
        SHAKING,
        ENTERING,
        OPEN,
        ENDED
    }

    private final Pipe pipe;
    private final Settings settings;
    private final Listener listener;
    private final AtomicReference<State> state = new AtomicReference<>(State.SHAKING);
    private final Mailbox mailbox;
    private final KeepAlive keepAlive;
    private final FrameReader frames;
    private volatile @Nullable Outbox outbox;
    private @Nullable CoreDialect dialect;
    private boolean announced;

    /** Set by the reader when it stops because the mailbox is full, cleared by whoever goes on. */
    private final AtomicBoolean stuck = new AtomicBoolean();

    /** Set by the first of two: the hub has let the client in, or the client has left while it did. */
    private final AtomicReference<@Nullable Departure> leftEarly = new AtomicReference<>();

    /** Begins with the first accepted transport request of {@code pipe}. */
    public HubConnection(Pipe pipe, Settings settings, Function<HubConnection, Listener> listener) {
        this.pipe = pipe;
        this.settings = settings;
        this.frames = new FrameReader(Framing.RECORD_SEPARATOR, settings.options.maximumReceiveMessageSize());
        this.mailbox = new Mailbox(
                settings.options.maximumParallelInvocationsPerClient(),
                settings.transport.applicationMaxBufferSize(),
                new Lanes());
        this.listener = listener.apply(this);
        this.keepAlive = new KeepAlive(settings.shared.scheduler, settings.options, new Timeouts());
        settings.shared.connections.add(this);
    }

    /** The public id. */
    public ConnectionId id() {
        return pipe.id();
    }

    /** What carries the bytes. */
    public Pipe pipe() {
        return pipe;
    }

    /** The calls of this client. */
    public Mailbox mailbox() {
        return mailbox;
    }

    /** What waits for this client; there from the handshake on. */
    public Outbox outbox() {
        return Objects.requireNonNull(outbox, "no handshake yet");
    }

    /** Whether the conversation has ended; it does not begin again. */
    public boolean isEnded() {
        return state.get() == State.ENDED;
    }

    /** Sends one message to this client. A value that cannot be expressed ends the connection. */
    public void send(HubMessage message) {
        ByteBuffer bytes;
        try {
            bytes = Objects.requireNonNull(dialect).protocol().write(message);
        } catch (PayloadException inexpressible) {
            fail(inexpressible);
            return;
        }
        outbox().add(Outbox.Item.numbered(bytes));
    }

    // ---- input

    @Override
    public boolean received(ByteBuffer bytes) {
        if (isEnded()) {
            return true;
        }
        keepAlive.heard();
        try {
            return frames.read(bytes, this::frame) || mayGoOn();
        } catch (ProtocolException broken) {
            broken(broken);
            return true;
        }
    }

    /** The reader stopped before the end of what came: because it must wait, or because there was nothing to wait for. */
    private boolean mayGoOn() {
        while (!isEnded()) {
            if (state.get() == State.ENTERING) {
                if (announced || !enters()) {
                    return false;
                }
                if (frames.resume(this::frame)) {
                    return true;
                }
                continue;
            }
            keepAlive.paused(true);
            stuck.set(true);
            if (mailbox.isFull() || !stuck.compareAndSet(true, false)) {
                return false;
            }
            keepAlive.paused(false);
            if (frames.resume(this::frame)) {
                return true;
            }
        }
        return true;
    }

    /** Announces the client to the hub; true when that had nothing to do and reading may go on at once. */
    private boolean enters() {
        announced = true;
        if (!listener.entering() || !state.compareAndSet(State.ENTERING, State.OPEN)) {
            return false;
        }
        listener.opened();
        return true;
    }

    /** Goes on with what was left over, then lets the transport go on. */
    private void readOn() {
        try {
            if (frames.resume(this::frame) || mayGoOn()) {
                pipe.resume();
            }
        } catch (ProtocolException broken) {
            broken(broken);
            pipe.resume();
        }
    }

    private boolean frame(ByteBuffer frame) {
        if (state.get() == State.SHAKING) {
            shake(frame);
            return false;
        }
        if (isEnded()) {
            return false;
        }
        int size = frame.remaining();
        HubMessage message = Objects.requireNonNull(dialect).protocol().read(frame, listener.binder());
        if (message instanceof HubMessage.Ping) {
            keepAlive.pinged();
        } else if (message instanceof HubMessage.Close close) {
            goodbye(close);
        } else {
            listener.received(message, size);
        }
        return !mailbox.isFull() && !isEnded();
    }

    private void shake(ByteBuffer frame) {
        switch (HandshakeStep.take(frame, settings, pipe)) {
            case HandshakeStep.Agreed agreed -> agree(agreed.dialect());
            case HandshakeStep.Refused refused -> refuse(refused.response());
        }
    }

    private void agree(CoreDialect spoken) {
        dialect = spoken;
        pipe.format(spoken.protocol().transferFormat());
        outbox = new Outbox(spoken, settings.limits, new Waiting());
        if (!state.compareAndSet(State.SHAKING, State.ENTERING)) {
            return;
        }
        frames.framing(spoken.protocol().framing());
        keepAlive.handshakeDone(pipe.transport() != TransportType.LONG_POLLING);
        outbox().add(Outbox.Item.unnumbered(Handshake.ok()));
    }

    /** The hub has let the client in: reading begins. */
    public void opened() {
        if (state.compareAndSet(State.ENTERING, State.OPEN)) {
            listener.opened();
            readOn();
        } else if (!leftEarly.compareAndSet(null, NOT_LEFT)) {
            listener.disconnected(Objects.requireNonNull(leftEarly.get()));
        }
    }

    // ---- the end

    /** The hub did not let the client in. It is told so, and not to come back. */
    public void refused(Throwable why) {
        if (state.getAndSet(State.ENDED) == State.ENTERING) {
            finish(close(settings.texts.closedWithError(why), false), Pipe.Ending.NORMAL);
        }
    }

    /** Ends the connection for good: the client is told not to come back. */
    public void abort() {
        end(new Departure(Optional.empty(), false), close(null, false), Pipe.Ending.NORMAL);
    }

    /** Ends the connection because the server goes away: the client is told to come back. */
    public void goAway() {
        end(new Departure(Optional.empty(), false), close(null, true), Pipe.Ending.GOING_AWAY);
    }

    /** Ends the connection because of a fault. */
    public void fail(Throwable why) {
        if (end(
                new Departure(Optional.of(why), false),
                close(settings.texts.closedWithError(why), true),
                Pipe.Ending.NORMAL)) {
            listener.failed(why);
        }
    }

    /** Takes no more calls and lets those that it has come to their end; done when they have. */
    public CompletionStage<Void> windDown() {
        return mailbox.windDown();
    }

    private void broken(ProtocolException why) {
        if (state.get() == State.SHAKING) {
            refuse(HandshakeStep.canceled());
        } else {
            fail(why);
        }
    }

    private void goodbye(HubMessage.Close close) {
        Optional<Throwable> error = Optional.ofNullable(close.error()).map(HubException::new);
        end(new Departure(error, true), close(null, false), Pipe.Ending.NORMAL);
    }

    private void refuse(ByteBuffer response) {
        if (state.compareAndSet(State.SHAKING, State.ENDED)) {
            outbox = new Outbox(settings.anyDialect(), settings.limits, new Waiting());
            finish(Outbox.Item.unnumbered(response), Pipe.Ending.NORMAL);
        }
    }

    private Outbox.@Nullable Item close(@Nullable String error, boolean allowReconnect) {
        CoreDialect spoken = dialect;
        return spoken == null
                ? null
                : Outbox.Item.unnumbered(spoken.protocol().write(new HubMessage.Close(error, allowReconnect)));
    }

    /** Ends the conversation, once; true for whoever did. */
    private boolean end(Departure departure, Outbox.@Nullable Item last, Pipe.Ending ending) {
        State before = state.getAndSet(State.ENDED);
        if (before == State.ENDED) {
            return false;
        }
        finish(last, ending);
        tell(before, departure);
        return true;
    }

    private void finish(Outbox.@Nullable Item last, Pipe.Ending ending) {
        keepAlive.stop();
        mailbox.shut();
        Outbox waiting = outbox;
        if (waiting != null) {
            waiting.close(last);
        }
        pipe.end(ending);
    }

    private void tell(State before, Departure departure) {
        if (before == State.OPEN) {
            listener.disconnected(departure);
        } else if (before == State.ENTERING && !leftEarly.compareAndSet(null, departure)) {
            listener.disconnected(departure);
        }
    }

    // ---- what the transport says

    @Override
    public @Nullable ByteBuffer take() {
        Outbox waiting = outbox;
        return waiting == null ? null : waiting.take();
    }

    @Override
    public void handedOver(boolean written) {
        outbox().handedOver(written);
    }

    @Override
    public void left() {
        end(new Departure(Optional.empty(), true), close(null, true), Pipe.Ending.NORMAL);
    }

    @Override
    public void stalled() {
        drop(outbox().waitingBytes());
    }

    private void drop(long bytes) {
        listener.dropped(bytes);
        end(new Departure(Optional.empty(), false), null, Pipe.Ending.NORMAL);
        pipe.abort();
    }

    @Override
    public void closed(Optional<Throwable> error) {
        State before = state.getAndSet(State.ENDED);
        if (before != State.ENDED) {
            keepAlive.stop();
            mailbox.shut();
            Outbox waiting = outbox;
            if (waiting != null) {
                waiting.close(null);
            }
            Optional<Throwable> cause = error.isPresent() || frames.isEmpty()
                    ? error
                    : Optional.of(new ProtocolException(ErrorTexts.BROKEN_OFF));
            tell(before, new Departure(cause, false));
        }
        listener.closed();
        settings.shared.remove(this);
    }

    private final class Timeouts implements KeepAlive.Patient {

        @Override
        public void ping() {
            outbox().add(Objects.requireNonNull(dialect).ping());
        }

        @Override
        public void handshakeTimedOut() {
            refuse(HandshakeStep.canceled());
        }

        @Override
        public void clientTimedOut(CancellationException why) {
            fail(why);
        }
    }

    private final class Lanes implements Mailbox.Reader {

        @Override
        public void startLane(Mailbox lane) {
            EventLoop loop = pipe.loop();
            if (loop.isCurrent()) {
                settings.shared.handOver(loop).start(lane);
            } else {
                Thread.startVirtualThread(lane);
            }
        }

        @Override
        public void roomAgain() {
            if (stuck.compareAndSet(true, false)) {
                keepAlive.paused(false);
                readOn();
            }
        }
    }

    private final class Waiting implements Outbox.Listener {

        @Override
        public void ready() {
            pipe.ready();
        }

        @Override
        public void overflowed(long bytes) {
            drop(bytes);
        }
    }

    /** The hub's side of one client. */
    public interface Listener {

        /** Which Java types the values of messages become. On the reader. */
        InvocationBinder binder();

        /**
         * The handshake is answered. On the reader.
         *
         * @return true to let the client in at once; false when {@link HubConnection#opened} or {@link
         *     HubConnection#refused} will be called
         */
        boolean entering();

        /** A message other than pings and goodbyes, which took {@code bytes}. On the reader. */
        void received(HubMessage message, int bytes);

        /** The client, once {@link #opened}, has left. Once. */
        void disconnected(Departure departure);

        /** The client is in: what it sends is read from now on. */
        void opened();

        /** The transport is over. The last call. */
        void closed();

        /** The connection ended by this fault. */
        void failed(Throwable why);

        /** The client was given up because it did not read. */
        void dropped(long bytes);
    }

    /** What the connections of one hub at one endpoint have in common. */
    public static final class Settings {

        private final Shared shared;
        private final HubOptions options;
        private final TransportOptions transport;
        private final Map<String, CoreDialect> dialects;
        private final ErrorTexts texts;
        private final Outbox.Limits limits;

        private Settings(
                Shared shared, HubOptions options, TransportOptions transport, Map<String, CoreDialect> spoken) {
            this.shared = shared;
            this.options = options;
            this.transport = transport;
            this.dialects = spoken;
            this.texts = new ErrorTexts(options.enableDetailedErrors());
            this.limits = new Outbox.Limits(
                    transport.transportMaxBufferSize(),
                    transport.maximumOutboxSize(),
                    transport.transportMaxBufferSize(),
                    0);
        }

        /** Settings for a hub whose clients may speak these protocols; the first speaks before a handshake. */
        public static Settings of(
                Shared shared, HubOptions options, TransportOptions transport, List<HubProtocol> protocols) {
            Map<String, CoreDialect> spoken = new LinkedHashMap<>();
            protocols.forEach(each -> spoken.put(each.name().toLowerCase(Locale.ROOT), new CoreDialect(each)));
            return new Settings(shared, options, transport, spoken);
        }

        /** The same hub at another endpoint: other transport options, the same dialects. */
        public Settings at(TransportOptions endpoint) {
            return new Settings(shared, options, endpoint, dialects);
        }

        /** The texts of the hub's clients. */
        public ErrorTexts texts() {
            return texts;
        }

        Optional<CoreDialect> dialect(String protocol) {
            return Optional.ofNullable(dialects.get(protocol.toLowerCase(Locale.ROOT)));
        }

        private CoreDialect anyDialect() {
            return dialects.values().iterator().next();
        }
    }

    /** What all connections of a server share. */
    public static final class Shared {

        private final Scheduler scheduler;
        private final Map<EventLoop, HandOver> handOvers = new ConcurrentHashMap<>();
        private final Set<HubConnection> connections = ConcurrentHashMap.newKeySet();
        private final AtomicReference<@Nullable CompletableFuture<Void>> whenEmpty = new AtomicReference<>();

        /** Shares this source of time. */
        public Shared(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        /** Every connection whose transport is not over. */
        public Set<HubConnection> connections() {
            return connections;
        }

        /** Done when there is no connection left; new ones are kept away by whoever asks. */
        public CompletionStage<Void> whenEmpty() {
            CompletableFuture<Void> fresh = new CompletableFuture<>();
            CompletableFuture<Void> empty = whenEmpty.compareAndSet(null, fresh) ? fresh : whenEmpty.get();
            if (connections.isEmpty()) {
                Objects.requireNonNull(empty).complete(null);
            }
            return Objects.requireNonNull(empty).minimalCompletionStage();
        }

        private void remove(HubConnection connection) {
            connections.remove(connection);
            CompletableFuture<Void> waited = whenEmpty.get();
            if (waited != null && connections.isEmpty()) {
                waited.complete(null);
            }
        }

        private HandOver handOver(EventLoop loop) {
            HandOver known = handOvers.get(loop);
            return known != null ? known : handOvers.computeIfAbsent(loop, HandOver::new);
        }
    }
}
