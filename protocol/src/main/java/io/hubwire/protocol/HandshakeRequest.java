package io.hubwire.protocol;

/**
 * The first thing a client says: which dialect it speaks.
 *
 * @param protocol the name of the dialect, spelled as the client sent it
 * @param version the version of the dialect
 */
public record HandshakeRequest(String protocol, int version) {}
