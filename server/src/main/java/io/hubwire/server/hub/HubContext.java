package io.hubwire.server.hub;

import java.util.concurrent.CompletionStage;

/**
 * A hub seen from outside: clients and groups, for code that no client called. Safe for any thread.
 *
 * @param <T> how the clients are called: {@link ClientProxy}, or the client interface of a {@link TypedHub}
 */
public interface HubContext<T> {

    /** Whom to talk to. */
    HubClients<T> clients();

    /** Who is in which group. */
    GroupManager groups();

    /** Who is connected. */
    HubPresence presence();

    /**
     * Closes one connection, on whichever node it is; the client is told not to come back.
     *
     * @return done when it is on its way; an id that nobody has is no failure
     */
    CompletionStage<Void> abort(String connectionId);

    /**
     * Closes all connections of a user, on all nodes; the clients are told not to come back.
     *
     * @return done when it is on its way; a user who is not there is no failure
     */
    CompletionStage<Void> abortUser(String userId);
}
