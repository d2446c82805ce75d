package io.hubwire.server.internal.transport;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Sent;
import java.nio.ByteBuffer;

/** What is particular about one way to carry a connection. Confined to the connection's loop. */
sealed interface Transport permits WebSocketTransport, ServerSentEvents, LongPolling {

    TransportType type();

    /** Takes the request that binds the connection to this transport; on the request's own loop. */
    void open(HttpExchange exchange);

    /** Takes a further request for this transport; on whichever loop the connection has. */
    void again(Opening opening);

    /** Tells whether {@link #write} may be called. */
    boolean canWrite();

    /** Writes one unit. The next only after {@code sent}. */
    void write(ByteBuffer unit, Sent sent);

    /** The receiver has been told how the last write ended. */
    void written(boolean written);

    /** There is nothing more to say: ends the transport in its own way. Only while it can write. */
    void finish(Pipe.Ending ending);

    /** Ends the transport here and now; what waits is lost. */
    void cut();

    /** Ends the transport because something failed here. */
    default void fail() {
        cut();
    }

    /** The last thing to do in a turn. */
    default void settle() {}

    /** The connection is over: lets go of what would outlive it. */
    default void over() {}
}
