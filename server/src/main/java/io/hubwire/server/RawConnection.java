package io.hubwire.server;

import io.hubwire.server.spi.ConnectionRequest;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One client of a {@link ConnectionHandler}. Safe for any thread. */
public interface RawConnection {

    /** The public id. */
    String id();

    /** The request that opened the transport. */
    ConnectionRequest request();

    /** Who opened the connection; empty for an anonymous client. */
    Optional<Principal> user();

    /**
     * Sends bytes as one unit: one text message, one event, one poll body or a part of one.
     *
     * @param bytes UTF-8 text, not changed afterwards
     * @return done when the client has room for more; a client that does not read is disconnected past the hard limit
     *     of its outbox
     */
    CompletionStage<Void> send(ByteBuffer bytes);

    /** Ends the connection after what was sent. */
    void close();
}
