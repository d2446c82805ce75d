package io.hubwire.server.internal.transport;

import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.hub.Expiring;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Sent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection from negotiate to its end: the application's pipe, whatever carries it.
 *
 * <pre>
 *             negotiate                first GET                   end() and nothing left to say,
 *   (nothing) ----------> UNBOUND ---------------------> BOUND --------------------------------> OVER
 *                            |     application starts      |  abort(), client gone, no poll and no new socket in time
 *                            |
 *                            +-- no GET within disconnectTimeout ------------------------------> OVER
 * </pre>
 *
 * <p>All state is confined to the connection's loop: that of the negotiate request, then that of the transport request;
 * polls and new sockets take the connection along to theirs. Requests, alarms and calls of {@link Pipe} come from any thread as
 * {@link #later errands} or marks and wait for the next turn, so nothing is ever called back from within a call. Only
 * {@link #ending} and {@link #format} are shared with other threads.
 */
final class Connection extends Confined implements Pipe, Sent {

    /** After so many units it is the turn of others. */
    private static final int UNITS_PER_TURN = 16;

    private static final VarHandle ENDING;

    static {
        try {
            ENDING = MethodHandles.lookup().findVarHandle(Connection.class, "ending", Ending.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Connections home;
    private final ConnectionId id;
    private final ConnectionToken token;
    private final boolean stateful;

    private volatile @Nullable Ending ending;
    private volatile TransferFormat format = TransferFormat.TEXT;

    /** The request that opened the transport, or its latest socket; before there is one, nobody asks. */
    private volatile @Nullable ConnectionRequest request;

    private Optional<Principal> user = Optional.empty();
    private @Nullable Transport transport;
    private @Nullable Receiver receiver;
    private @Nullable Intake intake;
    private @Nullable Alarm alarm;
    private @Nullable Alarm expiry;
    private boolean pending;
    private boolean writing;
    private boolean draining;
    private boolean deaf;
    private boolean over;

    /** Whether a lost socket may be followed by another. */
    private boolean survivesLoss;

    /**
     * A connection that nothing carries yet.
     *
     * @param stateful whether the client was promised that it may come back after a loss
     */
    Connection(Connections home, Turn turn, ConnectionToken token, ConnectionId id, boolean stateful) {
        super(turn, home.turns());
        this.home = home;
        this.token = token;
        this.id = id;
        this.stateful = stateful;
    }

    /** Begins to wait for the first transport request; once, on the loop. */
    void awaitTransport() {
        pending = true;
        arm(home.options().disconnectTimeout(), this::expire);
    }

    // ---- what the application does, on any thread

    @Override
    public ConnectionId id() {
        return id;
    }

    @Override
    public ConnectionRequest request() {
        return Objects.requireNonNull(request, "the connection is not bound to a transport");
    }

    @Override
    public Optional<Principal> user() {
        return user;
    }

    @Override
    public TransportType transport() {
        return carrier().type();
    }

    @Override
    public EventLoop loop() {
        return currentLoop();
    }

    @Override
    public boolean carries(TransferFormat wanted) {
        return transport().transferFormats().contains(wanted);
    }

    @Override
    public void format(TransferFormat chosen) {
        format = chosen;
    }

    @Override
    public boolean isStateful() {
        return stateful;
    }

    @Override
    public void surviveLoss() {
        survivesLoss = stateful;
    }

    @Override
    public void ready() {
        mark();
    }

    @Override
    public void resume() {
        later(this::resumeInput);
    }

    @Override
    public void end(Ending how) {
        if (ENDING.compareAndSet(this, null, how)) {
            mark();
        }
    }

    @Override
    public void abort() {
        later(this::cut);
    }

    // ---- turns

    @Override
    void act() {
        drain();
    }

    /** Something here went wrong that should not: the connection ends, with the reason logged. */
    @Override
    void fail(Throwable failure) {
        TransportLog.failed(id, failure);
        draining = false;
        if (over) {
            return;
        }
        try {
            if (transport != null) {
                transport.fail();
            }
        } finally {
            close(Optional.of(failure));
        }
    }

    // ---- requests, on the loop

    void open(Opening opening) {
        Transport bound = transport;
        if (over) {
            Answers.over(opening.exchange());
        } else if (bound == null) {
            bind(opening);
        } else if (bound.type() != opening.type()) {
            TransportLog.cannotChangeTransport(id, bound.type(), opening.type());
            Answers.otherTransport(opening.exchange());
        } else {
            watchExpiry(opening.user());
            bound.again(opening);
        }
    }

    /** Whoever sent the last transport request counts: a poll with a fresh token keeps the connection. */
    private void watchExpiry(Optional<Principal> sender) {
        if (expiry != null) {
            expiry.disarm();
            expiry = null;
        }
        if (home.options().closeOnAuthenticationExpiration()
                && sender.isPresent()
                && sender.get() instanceof Expiring ticket) {
            ticket.expires().ifPresent(end -> {
                Duration left = Duration.between(Instant.now(), end);
                expiry = Alarm.set(
                        home.scheduler(), left.isNegative() ? Duration.ZERO : left, this, this::authenticationExpired);
            });
        }
    }

    private void authenticationExpired() {
        if (receiver == null) {
            close();
            return;
        }
        TransportLog.authenticationExpired(id);
        receiver.authenticationExpired();
    }

    private void bind(Opening opening) {
        HttpExchange exchange = opening.exchange();
        if (home.pending().isClosed()) {
            Answers.unavailable(exchange, home.pending());
            return;
        }
        if (!isOn(exchange.loop(), () -> open(opening))) {
            return;
        }
        leavePending();
        disarm();
        request = opening.request();
        user = opening.user();
        watchExpiry(user);
        Transport bound = switch (opening.type()) {
            case WEB_SOCKETS -> new WebSocketTransport(this);
            case SERVER_SENT_EVENTS -> new ServerSentEvents(this);
            case LONG_POLLING -> new LongPolling(this);
        };
        transport = bound;
        TransportLog.establishedConnection(id, opening.type());
        bound.open(exchange);
    }

    void post(HttpExchange exchange) {
        if (isDeaf()) {
            Answers.over(exchange);
        } else if (transport instanceof WebSocketTransport) {
            TransportLog.postNotAllowedForWebSockets(id);
            Answers.postOnWebSocket(exchange);
        } else {
            if (intake == null) {
                intake = new Intake(this);
            }
            intake.add(exchange);
        }
    }

    void delete(HttpExchange exchange) {
        if (over) {
            Answers.over(exchange);
        } else if (transport instanceof LongPolling polling) {
            TransportLog.terminatingConnection(id);
            polling.leave(exchange);
        } else {
            TransportLog.receivedDeleteRequestForUnsupportedTransport(id);
            Answers.notToBeDeleted(exchange);
        }
    }

    // ---- what the transports need, on the loop

    Connections home() {
        return home;
    }

    /** Starts the application, and gives it what was posted before; false if it fails, which is logged. */
    boolean start() {
        try {
            receiver = home.application().apply(this);
        } catch (RuntimeException | Error failure) {
            TransportLog.failed(id, failure);
            return false;
        }
        mark();
        return intake == null || attach(intake);
    }

    private boolean attach(Intake posted) {
        posted.attach();
        if (transport instanceof WebSocketTransport) {
            // Nobody posts to a socket any more. What came before it must go into the application in one go, since
            // there is no holding back the socket behind it.
            boolean heard = !posted.isHeld();
            posted.refuse();
            intake = null;
            return heard;
        }
        return true;
    }

    boolean hasStarted() {
        return receiver != null;
    }

    boolean isOver() {
        return over;
    }

    /** Tells whether nothing is received any more. */
    boolean isDeaf() {
        return deaf || over || ending != null;
    }

    boolean isEnding() {
        return ending != null;
    }

    /** Tells whether the client may come back on another socket. */
    boolean survivesLoss() {
        return survivesLoss;
    }

    boolean sendsText() {
        return format == TransferFormat.TEXT;
    }

    /** Gives bytes to the application; false when the next must wait for {@link #resumeInput}. */
    boolean receive(ByteBuffer bytes) {
        try {
            return receiver().received(bytes);
        } catch (RuntimeException | Error failure) {
            fail(failure);
            return true;
        }
    }

    Receiver receiver() {
        return Objects.requireNonNull(receiver, "the application has not started");
    }

    /** Sets the one alarm that a connection has at a time. */
    void arm(Duration delay, Runnable action) {
        disarm();
        alarm = Alarm.set(home.scheduler(), delay, this, action);
    }

    void disarm() {
        if (alarm != null) {
            alarm.disarm();
            alarm = null;
        }
    }

    /** No request finds this connection any more. */
    void forget() {
        home.table().remove(token);
    }

    /** Receives nothing any more; posts that wait are refused. */
    void goDeaf() {
        deaf = true;
        if (intake != null) {
            intake.refuse();
        }
    }

    /** The connection is over; the transport has seen to its own end. */
    void close() {
        close(Optional.empty());
    }

    private void close(Optional<Throwable> error) {
        if (over) {
            return;
        }
        over = true;
        leavePending();
        disarm();
        if (expiry != null) {
            expiry.disarm();
        }
        forget();
        goDeaf();
        if (transport != null) {
            transport.over();
        }
        TransportLog.ended(id);
        if (receiver != null) {
            try {
                receiver.closed(error);
            } catch (RuntimeException | Error failure) {
                TransportLog.failed(id, failure);
            }
        }
    }

    /** No request came in time. */
    void expire() {
        TransportLog.connectionTimedOut(id);
        tellExpired();
        close();
    }

    /** The end that follows is for want of any word from the client. */
    void tellExpired() {
        if (receiver != null && !over) {
            receiver.timedOut();
        }
    }

    /** There is no socket at present: waits for another, and meanwhile the application goes on. */
    void lost() {
        if (over) {
            return;
        }
        TransportLog.connectionLost(id);
        arm(home.options().disconnectTimeout(), this::expire);
        try {
            if (writing) {
                writing = false;
                receiver().handedOver(false);
            }
            receiver().lost();
        } catch (RuntimeException | Error failure) {
            fail(failure);
        }
    }

    /** Goes on with another socket; on its loop. */
    void reattach(Opening opening, WebSocketTransport next) {
        request = opening.request();
        if (!Connections.name(user).equals(Connections.name(opening.user()))) {
            TransportLog.userNameChanged(id);
        }
        transport = next;
        next.open(opening.exchange());
    }

    /** The new socket is open. */
    void regained() {
        disarm();
        TransportLog.reattached(id);
        receiver().regained();
        mark();
    }

    // ---- output, on the loop

    private void drain() {
        if (ending != null) {
            goDeaf();
        }
        Transport carrier = transport;
        if (carrier == null || receiver == null || over) {
            return;
        }
        draining = true;
        int units = 0;
        while (units < UNITS_PER_TURN && sendNext(carrier, receiver)) {
            units++;
        }
        draining = false;
        if (units == UNITS_PER_TURN) {
            mark();
        } else if (!over) {
            carrier.settle();
        }
    }

    /** Sends what waits as one unit; false when there is no more to do in this turn. */
    private boolean sendNext(Transport carrier, Receiver application) {
        if (over || writing || !carrier.canWrite()) {
            return false;
        }
        // Looked at first: whatever was to be said before the end is found by take() if the end is found here.
        Ending last = ending;
        ByteBuffer unit = application.take();
        if (unit == null) {
            if (last != null) {
                carrier.finish(last);
            }
            return false;
        }
        disarm();
        writing = true;
        carrier.write(unit, this);
        return !writing;
    }

    /** The client does not take a unit at once. */
    @Override
    public void waits() {
        if (writing && !over) {
            arm(home.options().transportSendTimeout(), this::stalled);
        }
    }

    /** One unit is written, or is not. */
    @Override
    public void sent(boolean written) {
        if (over || !writing) {
            return;
        }
        writing = false;
        disarm();
        try {
            boolean more = receiver().handedOver(written);
            carrier().written(written);
            if (!draining && (more || ending != null)) {
                mark();
            }
        } catch (RuntimeException | Error failure) {
            fail(failure);
        }
    }

    private void stalled() {
        TransportLog.sendTimedOut(id);
        if (survivesLoss && transport instanceof WebSocketTransport socket) {
            // The way to the client may be dead, and not the client.
            socket.lose();
            return;
        }
        // Set before the application is asked: it may be the one that ends all this.
        arm(home.options().transportSendTimeout(), this::stalled);
        receiver().stalled();
    }

    private void resumeInput() {
        if (over) {
            return;
        }
        if (transport instanceof WebSocketTransport socket) {
            socket.resume();
        } else if (intake != null) {
            intake.resume();
        }
    }

    private void cut() {
        if (!over) {
            carrier().cut();
            close();
        }
    }

    private void leavePending() {
        if (pending) {
            pending = false;
            home.pending().leave();
        }
    }

    private Transport carrier() {
        return Objects.requireNonNull(transport, "the connection is not bound to a transport");
    }

    @Override
    public String toString() {
        return id.value();
    }
}
