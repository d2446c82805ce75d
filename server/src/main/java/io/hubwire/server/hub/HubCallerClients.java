package io.hubwire.server.hub;

/**
 * Whom to talk to, seen from the client that is calling.
 *
 * @param <T> how the clients are called: {@link ClientProxy}, or the client interface of a {@link TypedHub}
 */
public interface HubCallerClients<T> extends HubClients<T> {

    /** The client that is calling. */
    T caller();

    /** Every client of the hub but the one that is calling. */
    T others();

    /** The members of a group but the one that is calling. */
    T othersInGroup(String name);
}
