package io.hubwire.server.hub;

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
}
