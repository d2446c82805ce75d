package io.hubwire.server;

import java.nio.ByteBuffer;

/**
 * What is mounted where clients speak no hub protocol: bytes in, bytes out, over every transport, with the same
 * negotiation, limits and life cycle as hubs.
 *
 * <p>Called on the engine's thread, one call at a time for each connection: what it does returns at once.
 */
@FunctionalInterface
public interface ConnectionHandler {

    /** Takes a new connection; sending is possible from here on. */
    Receiver open(RawConnection connection);

    /** Hears what one client sends. */
    interface Receiver {

        /** Bytes from the client, as they came; the buffer is valid during the call only. */
        void received(ByteBuffer bytes);

        /** The connection is over. The last call. */
        default void closed() {}
    }
}
