package io.hubwire.server.internal.transport;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The connections of one endpoint that requests can find, by their tokens. Safe for any thread. */
final class ConnectionTable {

    private final ConcurrentMap<ConnectionToken, Connection> connections = new ConcurrentHashMap<>();

    void add(ConnectionToken token, Connection connection) {
        connections.put(token, connection);
    }

    Optional<Connection> find(String token) {
        return Optional.ofNullable(connections.get(ConnectionToken.of(token)));
    }

    void remove(ConnectionToken token) {
        connections.remove(token);
    }

    int size() {
        return connections.size();
    }
}
