package io.hubwire.server.internal.transport;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection over one poll after the other down and posts up.
 *
 * <pre>
 *   first GET: 200, empty
 *        |
 *        v   GET                      something to say
 *      IDLE --------------> WAITING --------------------> ANSWERING --+
 *       |^                   | |  ^                          |        |
 *       ||  pollTimeout: 200 | |  +------ the next GET ------+        |
 *       |+---- client gone --+ |  (it has waited for the answer)      |
 *       |+---------------------|--------- written, or not ------------+
 *       |                      |
 *       | disconnectTimeout    | finish(): 204, a newer GET: 204 to this one
 *       v                      v
 *     (over)                 (over, or WAITING with the newer one)
 * </pre>
 *
 * <p>DELETE ends it from any state: no request finds the connection any more, but a poll that waits still gets what the
 * application says at its end. Confined to the connection's loop, which is always that of the latest poll: whoever waits
 * or is answered is on it.
 */
final class LongPolling implements Transport {

    private final Connection connection;
    private @Nullable HttpExchange poll;
    private boolean answering;

    /** Came while another poll was being answered. */
    private @Nullable HttpExchange successor;

    private boolean left;
    private String userName;

    LongPolling(Connection connection) {
        this.connection = connection;
        this.userName = Connections.name(connection.user());
    }

    @Override
    public TransportType type() {
        return TransportType.LONG_POLLING;
    }

    @Override
    public void open(HttpExchange exchange) {
        if (!connection.start()) {
            Answers.failed(exchange);
            connection.close();
            return;
        }
        Answers.message(exchange, ByteBuffer.allocate(0), Sent.IGNORED);
        awaitPoll();
    }

    @Override
    public void again(Opening opening) {
        HttpExchange exchange = opening.exchange();
        if (left) {
            Answers.over(exchange);
            return;
        }
        noteUser(opening.user());
        if (answering || successor != null) {
            supersede(successor);
            successor = exchange;
            return;
        }
        if (poll != null) {
            TransportLog.pollSuperseded(connection.id());
            supersede(poll);
            poll = null;
        }
        adopt(exchange);
    }

    private static void supersede(@Nullable HttpExchange older) {
        if (older != null) {
            Answers.noContent(older);
        }
    }

    private void noteUser(Optional<Principal> user) {
        String name = Connections.name(user);
        if (!name.equals(userName)) {
            userName = name;
            TransportLog.userNameChanged(connection.id());
        }
    }

    /** Lets a poll wait, on its own loop. */
    private void adopt(HttpExchange exchange) {
        connection.disarm();
        if (connection.isOver()) {
            Answers.noContent(exchange);
            return;
        }
        if (!connection.isOn(exchange.loop(), () -> adopt(exchange))) {
            return;
        }
        poll = exchange;
        connection.arm(connection.home().options().pollTimeout(), this::pollTimedOut);
        exchange.onGone(() -> connection.later(() -> gone(exchange)));
    }

    private void adoptSuccessor() {
        HttpExchange next = successor;
        successor = null;
        if (next != null) {
            adopt(next);
        }
    }

    private void gone(HttpExchange exchange) {
        if (exchange.equals(poll) && !answering) {
            poll = null;
            awaitPoll();
        }
    }

    private void pollTimedOut() {
        HttpExchange nothing = takePoll();
        if (left) {
            connection.close();
            Answers.noContent(nothing);
        } else {
            Answers.ok(nothing);
            awaitPoll();
        }
    }

    private void awaitPoll() {
        if (!connection.isOver()) {
            connection.arm(connection.home().options().disconnectTimeout(), connection::expire);
        }
    }

    private HttpExchange takePoll() {
        HttpExchange taken = Objects.requireNonNull(poll, "no poll waits");
        poll = null;
        return taken;
    }

    // ---- output

    @Override
    public boolean canWrite() {
        return poll != null && !answering;
    }

    @Override
    public void write(ByteBuffer unit, Sent sent) {
        answering = true;
        Answers.message(Objects.requireNonNull(poll), unit, sent);
    }

    @Override
    public void written(boolean written) {
        answering = false;
        poll = null;
        if (successor != null) {
            connection.later(this::adoptSuccessor);
        } else {
            awaitPoll();
        }
    }

    @Override
    public void finish(Pipe.Ending ending) {
        HttpExchange last = takePoll();
        // Over before it is told: whatever the client asks next finds no connection with this id.
        connection.close();
        Answers.noContent(last);
    }

    @Override
    public void cut() {
        if (!answering) {
            supersede(poll);
        }
        poll = null;
    }

    @Override
    public void fail() {
        if (!answering && poll != null) {
            Answers.failed(poll);
            poll = null;
        }
        cut();
    }

    @Override
    public void over() {
        supersede(successor);
        successor = null;
    }

    // ---- DELETE

    void leave(HttpExchange delete) {
        Answers.accepted(delete);
        if (left) {
            return;
        }
        left = true;
        connection.forget();
        connection.goDeaf();
        connection.receiver().left();
    }

    /** After DELETE, nobody comes back for what a poll has not taken along. */
    @Override
    public void settle() {
        if (left && poll == null && successor == null && connection.isEnding()) {
            connection.close();
        }
    }
}
