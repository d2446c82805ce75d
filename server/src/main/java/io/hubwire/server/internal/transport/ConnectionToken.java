package io.hubwire.server.internal.transport;

import java.security.SecureRandom;
import java.util.Base64;

/** The secret that addresses a connection: whoever knows it, is its client. Not shown by {@code toString}. */
final class ConnectionToken {

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final String value;

    private ConnectionToken(String value) {
        this.value = value;
    }

    /** A token that nobody can guess. */
    static ConnectionToken random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new ConnectionToken(ENCODER.encodeToString(bytes));
    }

    /** The token that a client has sent. */
    static ConnectionToken of(String value) {
        return new ConnectionToken(value);
    }

    /** What the client is told, once. */
    String value() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionToken that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "ConnectionToken";
    }
}
