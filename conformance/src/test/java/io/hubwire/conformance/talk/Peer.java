package io.hubwire.conformance.talk;

import java.io.IOException;

/** What a client has open under one name. */
interface Peer {

    /** Sends one text message. */
    default void text(String message) throws IOException {
        throw new IOException("not a WebSocket");
    }

    /** Sends one binary message. */
    default void binary(byte[] message) throws IOException {
        throw new IOException("not a WebSocket");
    }

    /** Sends one frame as it is: its first byte and what it carries. */
    default void frame(int first, byte[] payload) throws IOException {
        throw new IOException("not a WebSocket");
    }

    /** Begins the closing handshake; without a code when that is 0. */
    default void close(int code, String reason) throws IOException {
        cut();
    }

    /** Cuts the connection. */
    void cut();
}
