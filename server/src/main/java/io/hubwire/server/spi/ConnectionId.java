package io.hubwire.server.spi;

/** Names one connection across all nodes. Public: shown to hub code, logs and other clients, unlike the token. */
public record ConnectionId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
