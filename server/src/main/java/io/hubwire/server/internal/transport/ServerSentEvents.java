package io.hubwire.server.internal.transport;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection over one event stream down and posts up.
 *
 * <pre>
 *   GET --headers, comment--> OPENING --comment written--> OPEN --finish(): response ends--> (over)
 *                                |                           |
 *                                +--- client gone, cut() ----+-----------------------------> (over)
 * </pre>
 *
 * <p>Confined to the loop of the GET. An open stream with nothing to say has no timer.
 */
final class ServerSentEvents implements Transport {

    private final Connection connection;
    private HttpExchange.@Nullable ResponseStream stream;
    private boolean open;
    private boolean broken;

    ServerSentEvents(Connection connection) {
        this.connection = connection;
    }

    @Override
    public TransportType type() {
        return TransportType.SERVER_SENT_EVENTS;
    }

    @Override
    public void open(HttpExchange exchange) {
        if (!connection.start()) {
            Answers.failed(exchange);
            connection.close();
            return;
        }
        HttpExchange.ResponseStream opened = Answers.events(exchange);
        stream = opened;
        exchange.onGone(() -> connection.later(connection::close));
        opened.write(EventStream.comment(), this::opened);
    }

    private void opened(boolean written) {
        open = written;
        if (written) {
            connection.mark();
        }
    }

    @Override
    public void again(Opening opening) {
        TransportLog.connectionAlreadyActive(connection.id());
        Answers.alreadyActive(opening.exchange());
    }

    @Override
    public boolean canWrite() {
        return open && !broken;
    }

    @Override
    public void write(ByteBuffer unit, Sent sent) {
        stream().write(EventStream.event(unit), sent);
    }

    @Override
    public void written(boolean written) {
        if (!written) {
            broken = true;
            cut();
            connection.close();
        }
    }

    @Override
    public void finish(Pipe.Ending ending) {
        stream().end();
        connection.close();
    }

    @Override
    public void cut() {
        if (stream != null) {
            stream.abort();
        }
    }

    private HttpExchange.ResponseStream stream() {
        return Objects.requireNonNull(stream, "the stream is not open yet");
    }
}
