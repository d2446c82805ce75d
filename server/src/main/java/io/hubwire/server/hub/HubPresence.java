package io.hubwire.server.hub;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who of a hub is connected to this node, in which groups, and the news of it. Safe for any thread; what is returned is how
 * it was at some moment of the call, and does not change.
 *
 * <p>SignalR has nothing like it. Counting, and finding a connection, a user or a group, cost a look-up; listing costs as
 * much as there is to list.
 */
public interface HubPresence {

    /** How many connections there are. */
    int count();

    /** All connections. */
    List<Connected> connections();

    /** One connection, if it is here. */
    Optional<Connected> connection(String connectionId);

    /** The users with at least one connection. */
    Set<String> users();

    /** The connections of a user, none if that user is not here. */
    Collection<Connected> user(String userId);

    /** The groups with at least one member. */
    Set<String> groups();

    /** The members of a group, none if there is no such group. */
    Collection<Connected> group(String name);

    /** The groups that a connection is in, none if it is not here. */
    Set<String> groupsOf(String connectionId);

    /**
     * Tells of every change from now on, when it can be seen here. A watcher is told on virtual threads, one thing after
     * the other and in order; it may block, and news wait for it meanwhile without a limit. What it throws is logged.
     *
     * @return ends the watching
     */
    Watching watch(Watcher watcher);

    /**
     * One connection.
     *
     * @param connectionId its public id
     * @param userIdentifier whose it is; empty for an anonymous client
     * @param transport what carries it: {@code WebSockets}, {@code ServerSentEvents} or {@code LongPolling}
     * @param since when it became reachable
     */
    record Connected(String connectionId, Optional<String> userIdentifier, String transport, Instant since) {}

    /** Ends a watching. */
    interface Watching extends AutoCloseable {

        @Override
        void close();
    }

    /** Is told who comes and goes. */
    interface Watcher {

        /** A connection can be reached now. Its hub may still refuse to let it in. */
        default void connected(Connected connection) {}

        /** A connection can be reached no longer; it has left its groups. */
        default void disconnected(Connected connection) {}

        /** A user has the first connection. */
        default void userArrived(String userId) {}

        /** A user has lost the last connection. */
        default void userLeft(String userId) {}

        /** A connection has joined a group. */
        default void joined(String connectionId, String group) {}

        /** A connection has left a group. */
        default void left(String connectionId, String group) {}
    }
}
