package io.hubwire.protocol;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The first exchange on every connection: JSON, whatever dialect is agreed on. */
public final class Handshake {

    private Handshake() {}

    /**
     * Reads what a client says first.
     *
     * @param frame one frame of {@link Framing#RECORD_SEPARATOR}, without its separator
     * @return the request
     * @throws ProtocolException if it is no handshake request, with the reference's text
     */
    public static HandshakeRequest parse(ByteBuffer frame) {
        throw new UnsupportedOperationException();
    }

    /** Writes what a client says first, with its separator. */
    public static ByteBuffer write(HandshakeRequest request) {
        throw new UnsupportedOperationException();
    }

    /** Writes the server's consent, with its separator. */
    public static ByteBuffer ok() {
        throw new UnsupportedOperationException();
    }

    /** Writes the server's refusal, with its separator. */
    public static ByteBuffer error(String text) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads the server's answer.
     *
     * @param frame one frame of {@link Framing#RECORD_SEPARATOR}, without its separator
     * @return why the server refuses, or empty if it consents
     * @throws ProtocolException if it is no handshake response
     */
    public static Optional<String> parseResponse(ByteBuffer frame) {
        throw new UnsupportedOperationException();
    }
}
