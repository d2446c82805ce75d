package io.hubwire.server.internal.connection;

import io.hubwire.protocol.Handshake;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Scheduler;
import io.hubwire.server.spi.ServerObserver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
 *      | refused, silent, gone     | refused                   | goodbye, gone: when the calls that came before have begun
 *      |                           | abort, fault, drained     | abort, fault, drained: now
 *      +-------------------------> ENDED <---------------------+
 * }</pre>
 *
 * <p>Input comes from one reader at a time: the transport, or whoever goes on with what the transport was not allowed to
 * deliver. Output and the end are safe for any thread. Nothing is read between the handshake and {@link #opened}.
 */
public final class HubConnection implements Pipe.Receiver, Outbox.Listener {

    /** The first version of the hub protocols that knows of acknowledgements. */
    private static final int VERSION_WITH_ACKS = 2;

    private static final Departure NOT_LEFT = new Departure(Optional.empty(), false);

    private static final VarHandle OUTBOX;

    static {
        try {
            OUTBOX = MethodHandles.lookup().findVarHandle(HubConnection.class, "outbox", Outbox.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

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
    private final Reading reading;

    /** Set once through OUTBOX, by whoever answers the handshake; here and not in a holder, since every message asks. */
    private volatile @Nullable Outbox outbox;

    /** What a client needs that may come back on another socket; null for all others. Set before the outbox. */
    private volatile @Nullable Resumption resumption;

    /** Set by the reader when it stops because there is no room, cleared by whoever goes on. */
    private final AtomicBoolean stuck = new AtomicBoolean();

    /** Set by the first of two: the hub has let the client in, or the connection has ended while it did. */
    private final AtomicReference<@Nullable Departure> leftEarly = new AtomicReference<>();

    /** Whether the client was silent for too long; set before that ends the connection. */
    private volatile boolean timedOut;

    /** Set by whoever ends the conversation, before the listener hears of it. */
    private volatile ServerObserver.Reason reason = ServerObserver.Reason.NORMAL;

    /** What is not over yet: the transport, the conversation. */
    private final AtomicInteger unfinished = new AtomicInteger(2);

    /** Begins with the first accepted transport request of {@code pipe}. */
    public HubConnection(Pipe pipe, Settings settings, Function<HubConnection, Listener> listener) {
        this.pipe = pipe;
        this.settings = settings;
        this.reading = new Reading(settings.options.maximumReceiveMessageSize(), this::frame, this::mayGoOn);
        this.mailbox = new Mailbox(
                settings.options.maximumParallelInvocationsPerClient(),
                settings.transport.applicationMaxBufferSize(),
                new Lanes(pipe, settings.shared.handOvers, this::roomAgain));
        this.listener = listener.apply(this);
        this.keepAlive = new KeepAlive(settings.shared.scheduler, settings.options, new Timeouts());
        settings.shared.connections().add(this);
        if (settings.shared.attendance.isLeaving()) {
            goAway();
        }
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

    private CoreDialect spoken() {
        return (CoreDialect) outbox().dialect();
    }

    /** Whether the conversation has ended; it does not begin again. */
    public boolean isEnded() {
        return state.get() == State.ENDED;
    }

    /** On whose account the conversation ended; meaningless before it has. */
    public ServerObserver.Reason reason() {
        return reason;
    }

    /** Runs a part of the client's coming or going on a virtual thread; the server's own end waits for it. */
    public void errand(Runnable task) {
        settings.shared.attendance.errand(task);
    }

    /** Sends one message to this client. A value that cannot be expressed ends the connection, whatever is thrown. */
    public void send(HubMessage message) {
        ByteBuffer bytes;
        try {
            bytes = spoken().protocol().write(message);
        } catch (RuntimeException | Error inexpressible) {
            fail(inexpressible);
            return;
        }
        outbox().add(bytes);
    }

    // ---- input

    @Override
    public boolean received(ByteBuffer bytes) {
        keepAlive.heard();
        try {
            return reading.read(bytes);
        } catch (RuntimeException | Error broken) {
            broken(broken);
            return true;
        }
    }

    /**
     * The reader has stopped, because something must come first: the hub's consent, room for its calls, for their answers or
     * for the client's streams, the end.
     */
    private boolean mayGoOn() {
        if (state.get() == State.ENTERING) {
            return enters();
        }
        keepAlive.paused(true);
        return isFree();
    }

    /** Whether nothing is missing any more, and whoever asks is the one who reads on. */
    private boolean isFree() {
        stuck.set(true);
        if (!outbox().hasRoom()) {
            outbox().room().thenRun(this::roomAgain);
            return false;
        }
        if (mailbox.isFull() || listener.isFull()) {
            outbox().unread();
            return false;
        }
        if (!stuck.compareAndSet(true, false)) {
            return false;
        }
        keepAlive.paused(false);
        return true;
    }

    /** There is room again of a kind that may have been missing: reads on, if nothing else is missing and nobody else does. */
    public void roomAgain() {
        if (stuck.compareAndSet(true, false) && isFree()) {
            readOn();
        }
    }

    /** Announces the client to the hub; true when that has answered already. */
    private boolean enters() {
        boolean atOnce;
        try {
            atOnce = listener.entering();
        } catch (RuntimeException | Error notLetIn) {
            refused(notLetIn);
            listener.failed(notLetIn);
            return true;
        }
        if (atOnce) {
            letIn();
        }
        return atOnce;
    }

    /** The hub has let the client in: reading begins. */
    public void opened() {
        if (letIn()) {
            readOn();
        }
    }

    private boolean letIn() {
        // Told first, so that it stands before the news that the client has left.
        listener.opened();
        if (state.compareAndSet(State.ENTERING, State.OPEN)) {
            return true;
        }
        if (!leftEarly.compareAndSet(null, NOT_LEFT)) {
            listener.disconnected(Objects.requireNonNull(leftEarly.get()));
        }
        return false;
    }

    /** Goes on with what was left over, then lets the transport go on. */
    private void readOn() {
        try {
            if (!reading.resume()) {
                return;
            }
        } catch (RuntimeException | Error broken) {
            broken(broken);
        }
        pipe.resume();
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
        HubMessage message = spoken().protocol().read(frame, listener.binder());
        if (message instanceof HubMessage.Ping) {
            keepAlive.pinged();
        } else if (message instanceof HubMessage.Close close) {
            goodbye(close);
            return false;
        } else if (isNew(message)) {
            listener.received(message, size);
        }
        return !mailbox.isFull() && !listener.isFull() && outbox().hasRoom() && !isEnded();
    }

    private boolean isNew(HubMessage message) {
        Resumption resumed = resumption;
        return resumed == null || resumed.isNew(message);
    }

    private void shake(ByteBuffer frame) {
        switch (HandshakeStep.take(frame, settings, pipe)) {
            case HandshakeStep.Agreed agreed -> agree(agreed.dialect(), agreed.version());
            case HandshakeStep.Refused refused -> refuse(refused.error());
        }
    }

    private void agree(CoreDialect spoken, int version) {
        pipe.format(spoken.protocol().transferFormat());
        boolean stateful = version >= VERSION_WITH_ACKS && pipe.isStateful();
        Outbox agreed = new Outbox(spoken, stateful ? settings.acknowledged : settings.limits, this);
        // Whatever is said from here on, by whomever, stands behind the answer.
        agreed.add(Outbox.Item.unnumbered(Handshake.ok()));
        if (stateful) {
            resumption = new Resumption(spoken.protocol(), agreed, settings.shared.scheduler);
            pipe.surviveLoss();
        }
        if (OUTBOX.compareAndSet(this, null, agreed) && state.compareAndSet(State.SHAKING, State.ENTERING)) {
            reading.framing(spoken.protocol().framing());
            keepAlive.handshakeDone(pipe.transport() != TransportType.LONG_POLLING);
        }
    }

    // ---- the end

    /** The hub did not let the client in. It is told so, and not to come back. */
    public void refused(Throwable why) {
        if (state.getAndSet(State.ENDED) == State.ENTERING) {
            finish(close(settings.texts.closedWithError(why), false), Pipe.Ending.NORMAL);
            partIsOver();
        }
    }

    /** Ends the connection for good: the client is told not to come back. */
    public void abort() {
        end(new Departure(Optional.empty(), false), new HubMessage.Close(null, false), Pipe.Ending.NORMAL);
    }

    /** Ends the connection because the server goes away: the client is told to come back. */
    public void goAway() {
        end(new Departure(Optional.empty(), false), new HubMessage.Close(null, true), Pipe.Ending.GOING_AWAY);
    }

    /** Ends the connection because of a fault. */
    public void fail(Throwable why) {
        end(why, true);
    }

    /** Ends the connection because of what the client does: it is told why, and not to come back. */
    public void sendAway(Throwable why) {
        end(why, false);
    }

    private void end(Throwable why, boolean mayComeBack) {
        HubMessage.Close last = new HubMessage.Close(settings.texts.closedWithError(why), mayComeBack);
        if (end(new Departure(Optional.of(why), false), last, Pipe.Ending.NORMAL)) {
            listener.failed(why);
        }
    }

    /** Where time comes from. */
    public Scheduler time() {
        return settings.shared.scheduler;
    }

    @Override
    public void authenticationExpired() {
        end(new Departure(Optional.empty(), false), new HubMessage.Close(null, true), Pipe.Ending.NORMAL);
    }

    /** Takes no more calls and lets those that it has come to their end; done when they have. */
    public CompletionStage<Void> windDown() {
        return mailbox.windDown().thenCombine(listener.windDown(), (calls, streams) -> null);
    }

    /** Reading failed, by the client's fault or by ours: the reader is of no use any more. */
    private void broken(Throwable why) {
        if (state.get() == State.SHAKING) {
            refuse(ErrorTexts.HANDSHAKE_CANCELED);
        } else {
            fail(why);
        }
    }

    private void goodbye(HubMessage.Close close) {
        reading.stop();
        keepAlive.stop();
        Optional<Throwable> error = Optional.ofNullable(close.error()).map(HubException::new);
        leave(new Departure(error, true), new HubMessage.Close(null, false));
    }

    /** The client leaves: what it called before that still begins, in its turn. */
    private void leave(Departure departure, HubMessage.Close answer) {
        mailbox.afterWaiting(() -> end(departure, answer, Pipe.Ending.NORMAL));
    }

    private void refuse(String error) {
        if (state.compareAndSet(State.SHAKING, State.ENDED)) {
            Outbox refused = new Outbox(settings.dialects.any(), settings.limits, this);
            OUTBOX.compareAndSet(this, null, refused);
            refused.add(Outbox.Item.unnumbered(Handshake.error(error)));
            finish(null, Pipe.Ending.NORMAL);
            partIsOver();
            listener.failed(new ProtocolException(error));
        }
    }

    private Outbox.Item close(@Nullable String error, boolean allowReconnect) {
        return Outbox.Item.unnumbered(spoken().protocol().write(new HubMessage.Close(error, allowReconnect)));
    }

    /** Ends the conversation, once; true for whoever did. */
    private boolean end(Departure departure, HubMessage.@Nullable Close last, Pipe.Ending ending) {
        State before = state.getAndSet(State.ENDED);
        if (before == State.ENDED) {
            return false;
        }
        // Before the handshake nobody would understand it.
        finish(last == null || before == State.SHAKING ? null : close(last.error(), last.allowReconnect()), ending);
        if (ending == Pipe.Ending.GOING_AWAY) {
            reason = ServerObserver.Reason.SHUTDOWN;
        } else if (timedOut) {
            reason = ServerObserver.Reason.TIMEOUT;
        }
        tell(before, departure);
        partIsOver();
        return true;
    }

    private void finish(Outbox.@Nullable Item last, Pipe.Ending ending) {
        keepAlive.stop();
        reading.stop();
        mailbox.shut();
        Outbox waiting = outbox;
        if (waiting != null) {
            waiting.close(last);
        }
        pipe.end(ending);
    }

    private void tell(State before, Departure departure) {
        if (before == State.OPEN || (before == State.ENTERING && !leftEarly.compareAndSet(null, departure))) {
            listener.disconnected(departure);
        }
    }

    private void partIsOver() {
        if (unfinished.decrementAndGet() == 0) {
            settings.shared.attendance.remove(this);
        }
    }

    // ---- what the transport and the outbox say

    @Override
    public @Nullable ByteBuffer take() {
        Outbox waiting = outbox;
        return waiting == null ? null : waiting.take();
    }

    @Override
    public void ready() {
        pipe.ready();
    }

    @Override
    public void overflowed(long bytes) {
        if (resumption == null) {
            drop(bytes);
        } else {
            farewell(bytes);
        }
    }

    /** A client that acknowledges may read well and be told why it has to go. */
    private void farewell(long bytes) {
        String why = settings.texts.closedWithError(new CancellationException(ErrorTexts.UNACKNOWLEDGED));
        outbox().giveUp(close(why, true));
        if (end(new Departure(Optional.empty(), false), null, Pipe.Ending.NORMAL)) {
            listener.dropped(bytes);
        }
    }

    @Override
    public void discarded(String method, int count) {
        listener.discarded(method, count);
    }

    @Override
    public void crowded(CompletableFuture<Void> room) {
        Objects.requireNonNull(resumption).crowded(room);
    }

    @Override
    public void lost() {
        keepAlive.away(true);
        reading.cutOff();
        Objects.requireNonNull(resumption).lost();
    }

    @Override
    public void regained() {
        Objects.requireNonNull(resumption).regained();
        keepAlive.away(false);
    }

    @Override
    public boolean handedOver(boolean written) {
        return outbox().handedOver(written);
    }

    @Override
    public void left() {
        reading.over(() -> leave(new Departure(Optional.empty(), true), new HubMessage.Close(null, true)));
    }

    @Override
    public void stalled() {
        drop(outbox().waitingBytes());
    }

    private void drop(long bytes) {
        if (end(new Departure(Optional.empty(), false), null, Pipe.Ending.NORMAL)) {
            listener.dropped(bytes);
        }
        pipe.abort();
    }

    @Override
    public void timedOut() {
        timedOut = true;
    }

    @Override
    public void closed(Optional<Throwable> error) {
        keepAlive.stop();
        Outbox waiting = outbox;
        if (waiting != null) {
            waiting.clear();
        }
        listener.gone();
        reading.over(() -> leave(new Departure(cause(error), false), new HubMessage.Close(null, true)));
        partIsOver();
    }

    private Optional<Throwable> cause(Optional<Throwable> error) {
        return error.isEmpty() && reading.isBrokenOff()
                ? Optional.of(new ProtocolException(ErrorTexts.BROKEN_OFF))
                : error;
    }

    private final class Timeouts implements KeepAlive.Patient {

        @Override
        public void ping() {
            // Whatever waits says as well that the server is there.
            if (outbox().waitingBytes() == 0) {
                outbox().add(spoken().ping());
            }
        }

        @Override
        public void handshakeTimedOut() {
            refuse(ErrorTexts.HANDSHAKE_CANCELED);
        }

        @Override
        public void clientTimedOut(CancellationException why) {
            timedOut();
            fail(why);
        }
    }

    /** The hub's side of one client. */
    public interface Listener {

        /** Which Java types the values of messages become. On the reader. */
        InvocationBinder binder();

        /**
         * The handshake is answered. On the reader. What it throws refuses the client.
         *
         * @return true to let the client in at once; false when {@link HubConnection#opened} or {@link
         *     HubConnection#refused} will be called
         */
        boolean entering();

        /** A message other than pings and goodbyes, which took {@code bytes}. On the reader. */
        void received(HubMessage message, int bytes);

        /** Whether nothing more may be read before {@link HubConnection#roomAgain}. */
        boolean isFull();

        /** Takes no more calls of those that are not in the mailbox; done when they have ended. */
        CompletionStage<Void> windDown();

        /** The client is in: what it sends is read from now on. */
        void opened();

        /** The client, once {@link #opened}, has left. Once. */
        void disconnected(Departure departure);

        /** The transport is over: nothing that is sent arrives any more. Once, before or after {@link #disconnected}. */
        void gone();

        /** The connection ended by this fault. */
        void failed(Throwable why);

        /** The client was given up because it did not read. */
        void dropped(long bytes);

        /** So many calls of a client's method were given up for newer messages. */
        void discarded(String method, int count);
    }

    /** What the connections of one hub at one endpoint have in common. */
    public static final class Settings {

        private final Shared shared;
        private final HubOptions options;
        private final TransportOptions transport;
        private final Dialects dialects;
        private final ErrorTexts texts;
        private final Outbox.Limits limits;
        private final Outbox.Limits acknowledged;

        private Settings(Shared shared, HubOptions options, TransportOptions transport, Dialects dialects) {
            this.shared = shared;
            this.options = options;
            this.transport = transport;
            this.dialects = dialects;
            this.texts = new ErrorTexts(options.enableDetailedErrors());
            this.limits = Outbox.Limits.of(transport);
            this.acknowledged = limits.acknowledged(options.statefulReconnectBufferSize());
        }

        /** Settings for a hub whose clients may speak these protocols; the first speaks before a handshake. */
        public static Settings of(
                Shared shared, HubOptions options, TransportOptions transport, List<HubProtocol> protocols) {
            return new Settings(shared, options, transport, new Dialects(protocols));
        }

        /** The same hub at another endpoint: other transport options, the same dialects. */
        public Settings at(TransportOptions endpoint) {
            return new Settings(shared, options, endpoint, dialects);
        }

        /** What the hub's clients may speak. */
        public Collection<? extends Dialect> dialects() {
            return dialects.all();
        }

        /** The texts of the hub's clients. */
        public ErrorTexts texts() {
            return texts;
        }

        Optional<CoreDialect> dialect(String protocol) {
            return dialects.of(protocol);
        }
    }

    /** What all connections of a server share. */
    public static final class Shared {

        private final Scheduler scheduler;
        private final HandOvers handOvers = new HandOvers();
        private final Attendance attendance = new Attendance();

        /** Shares this source of time. */
        public Shared(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        /** Where time comes from. */
        public Scheduler scheduler() {
            return scheduler;
        }

        /** Every connection that is not over. */
        public Set<HubConnection> connections() {
            return attendance.connections();
        }

        /**
         * The server goes away: connections that come from now on are sent away at once.
         *
         * @return done when there is none left and every hub has seen its clients off
         */
        public CompletionStage<Void> whenEmpty() {
            return attendance.whenEmpty();
        }
    }
}
