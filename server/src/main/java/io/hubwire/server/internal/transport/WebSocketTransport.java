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
 * A connection over one WebSocket: whole messages down, any pieces up.
 *
 * <pre>
 *   UPGRADING --opened--> OPEN --finish(): close frame sent--> CLOSING --peer closed, or closeTimeout--> (over)
 *       |                  |
 *       +---- gone --------+---- peer closed, cut(), no pong -------------------------------------------> (over)
 * </pre>
 *
 * <p>Confined to the loop of the socket, which is the connection's from the upgrade on. An open socket with nothing to
 * say has no timer, unless WebSocket pings are asked for.
 */
final class WebSocketTransport implements Transport, WebSocketPeer.Receiver {

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
    private @Nullable Alarm silence;

    WebSocketTransport(Connection connection) {
        this.connection = connection;
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
            connection.close();
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
        if (peer == null) {
            connection.close();
        }
    }

    @Override
    public void again(Opening opening) {
        TransportLog.connectionAlreadyActive(connection.id());
        Answers.alreadyActive(opening.exchange());
    }

    // ---- from the socket

    @Override
    public void opened(WebSocketPeer opened) {
        peer = opened;
        if (connection.isOver()) {
            opened.terminate();
        } else if (connection.start()) {
            watchSilence();
        } else {
            close(INTERNAL_ERROR);
        }
    }

    @Override
    public boolean received(ByteBuffer bytes) {
        heard = true;
        if (connection.isDeaf() || !connection.hasStarted()) {
            return true;
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
        connection.close();
    }

    // ---- to the socket

    @Override
    public boolean canWrite() {
        return peer != null && !closing && !broken;
    }

    @Override
    public void write(ByteBuffer unit, Sent sent) {
        peer().send(connection.sendsText(), unit, sent);
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
        if (paused) {
            paused = false;
            peer().resume();
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
        if (connection.isOver() || closing) {
            return;
        }
        if (heard || paused) {
            heard = false;
            pinged = false;
        } else if (pinged) {
            TransportLog.silentPeer(connection.id());
            cut();
            connection.close();
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
