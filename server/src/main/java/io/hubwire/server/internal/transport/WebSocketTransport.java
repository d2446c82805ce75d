package io.hubwire.server.internal.transport;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a connection: whole messages down, any pieces up.
 *
 * <pre>
 *   UPGRADING --opened--> OPEN --finish(): close frame sent--> CLOSING --peer closed, or closeTimeout--> (over)
 *       |                  |
 *       +---- gone --------+---- peer closed, cut(), no pong -------------------------------------------> (over)
 *                          |
 *                          +---- socket lost, or replaced by the next --> LOST: the connection waits or goes on without it
 * </pre>
 *
 * <p>LOST is only a socket whose connection {@linkplain Connection#survivesLoss survives}; for others that is the end.
 *
 * <p>Confined to the loop of the socket, which is the connection's from the upgrade on. An open socket with nothing to
 * say has no timer, unless WebSocket pings are asked for.
 */
final class WebSocketTransport implements Transport, WebSocketPeer.Receiver, Sent {

    private static final int GOING_AWAY = 1001;
    private static final int NORMAL_CLOSURE = 1000;
    private static final int INTERNAL_ERROR = 1011;

    private final Connection connection;
    private @Nullable WebSocketPeer peer;
    private boolean paused;
    private boolean closing;
    private boolean broken;
    private boolean heard;
    private boolean pinged;
    private boolean lost;
    private @Nullable Alarm silence;

    /** What came while the application was still held by what came over the socket before. */
    private @Nullable ByteBuffer early;

    WebSocketTransport(Connection connection) {
        this.connection = connection;
    }

    /** The socket after one that is lost. */
    private WebSocketTransport(WebSocketTransport before) {
        this(before.connection);
        this.paused = before.paused;
    }

    @Override
    public TransportType type() {
        return TransportType.WEB_SOCKETS;
    }

    @Override
    public void open(HttpExchange exchange) {
        Optional<String> subProtocol;
        try {
            subProtocol = connection.home().options().subProtocolSelector().apply(asked(exchange));
        } catch (RuntimeException failure) {
            TransportLog.failed(connection.id(), failure);
            Answers.failed(exchange);
            gone();
            return;
        }
        exchange.onGone(() -> connection.later(this::gone));
        exchange.upgrade(subProtocol, this);
    }

    private static List<String> asked(HttpExchange exchange) {
        List<String> asked = new ArrayList<>();
        for (String line : exchange.headers("Sec-WebSocket-Protocol")) {
            for (String name : line.split(",", -1)) {
                if (!name.isBlank()) {
                    asked.add(name.strip());
                }
            }
        }
        return asked;
    }

    /** The client went away; of an open socket, {@link #closed} tells. */
    private void gone() {
        if (peer != null) {
            return;
        }
        if (connection.hasStarted()) {
            // It was to be the next socket of a connection that still waits for one.
            lost = true;
        } else {
            connection.close();
        }
    }

    @Override
    public void again(Opening opening) {
        HttpExchange exchange = opening.exchange();
        if (!connection.survivesLoss()) {
            TransportLog.connectionAlreadyActive(connection.id());
            Answers.alreadyActive(exchange);
        } else if (connection.isEnding()) {
            Answers.over(exchange);
        } else {
            lose();
            if (connection.isOn(exchange.loop(), () -> connection.open(opening))) {
                connection.reattach(opening, new WebSocketTransport(this));
            }
        }
    }

    /** The connection goes on without this socket, whatever still comes from it. */
    void lose() {
        if (lost) {
            return;
        }
        lost = true;
        over();
        if (peer != null) {
            peer.terminate();
            connection.lost();
        }
    }

    // ---- from the socket

    @Override
    public void opened(WebSocketPeer opened) {
        peer = opened;
        if (lost || connection.isOver()) {
            opened.terminate();
        } else if (connection.hasStarted()) {
            connection.regained();
            watchSilence();
        } else if (connection.start()) {
            watchSilence();
        } else {
            close(INTERNAL_ERROR);
        }
    }

    @Override
    public boolean received(ByteBuffer bytes) {
        heard = true;
        if (lost || connection.isDeaf() || !connection.hasStarted()) {
            return true;
        }
        if (paused) {
            early = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            return false;
        }
        boolean more = connection.receive(bytes);
        paused = !more;
        return more;
    }

    @Override
    public void pong() {
        heard = true;
    }

    @Override
    public void closed(boolean clean) {
        if (lost) {
            return;
        }
        if (!clean && !closing && connection.survivesLoss() && !connection.isEnding()) {
            lose();
        } else {
            connection.close();
        }
    }

    // ---- to the socket

    @Override
    public boolean canWrite() {
        return peer != null && !closing && !broken && !lost;
    }

    @Override
    public void write(ByteBuffer unit, Sent sent) {
        // Of a socket that may be replaced, nobody else may hear late.
        peer().send(connection.sendsText(), unit, connection.isStateful() ? this : sent);
    }

    @Override
    public void sent(boolean written) {
        if (!lost) {
            connection.sent(written);
        }
    }

    @Override
    public void waits() {
        if (!lost) {
            connection.waits();
        }
    }

    /** Nobody comes back to a connection that has nothing more to say. */
    @Override
    public void settle() {
        if (lost && connection.isEnding()) {
            connection.close();
        }
    }

    @Override
    public void written(boolean written) {
        if (!written) {
            broken = true;
            peer().terminate();
        }
    }

    @Override
    public void finish(Pipe.Ending ending) {
        close(
                switch (ending) {
                    case NORMAL -> NORMAL_CLOSURE;
                    case GOING_AWAY -> GOING_AWAY;
                    case ERROR -> INTERNAL_ERROR;
                });
    }

    private void close(int code) {
        closing = true;
        connection.forget();
        connection.arm(connection.home().options().closeTimeout(), this::closeTimedOut);
        peer().close(code, "");
        // The answer of the peer must be read, whatever came before it.
        resume();
    }

    private void closeTimedOut() {
        TransportLog.closeTimedOut(connection.id());
        cut();
        connection.close();
    }

    @Override
    public void cut() {
        if (peer != null) {
            peer.terminate();
        }
    }

    /** Goes on reading if {@link #received} has stopped it. */
    void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        ByteBuffer waited = early;
        early = null;
        if (waited != null && !connection.isDeaf()) {
            paused = !connection.receive(waited);
        }
        if (!paused && peer != null) {
            peer.resume();
        }
    }

    @Override
    public void over() {
        if (silence != null) {
            silence.disarm();
        }
    }

    // ---- pings

    private void watchSilence() {
        Connections home = connection.home();
        Duration interval = home.options().webSocketPingInterval();
        if (!interval.isZero() && !connection.isOver()) {
            silence = Alarm.set(home.scheduler(), interval, connection, this::intervalOver);
        }
    }

    private void intervalOver() {
        if (connection.isOver() || closing || lost) {
            return;
        }
        if (heard || paused) {
            heard = false;
            pinged = false;
        } else if (pinged) {
            TransportLog.silentPeer(connection.id());
            if (!connection.survivesLoss()) {
                connection.tellExpired();
            }
            peer().terminate();
            closed(false);
            return;
        } else {
            pinged = true;
            peer().ping();
        }
        watchSilence();
    }

    private WebSocketPeer peer() {
        return Objects.requireNonNull(peer, "the socket is not open yet");
    }
}
