package io.hubwire.server.hub;

import java.util.Collection;

/**
 * Whom to talk to. Unknown connections, groups and users are nobody, not errors. Safe for any thread.
 *
 * @param <T> how the clients are called: {@link ClientProxy}, or the client interface of a {@link TypedHub}
 */
public interface HubClients<T> {

    /** Every client of the hub, on all nodes. */
    T all();

    /** Every client of the hub but these connections. */
    T allExcept(Collection<String> connectionIds);

    /** One connection. */
    T client(String connectionId);

    /** These connections. */
    T clients(Collection<String> connectionIds);

    /**
     * The members of a group; its name is case-sensitive.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    T group(String name);

    /** The members of these groups; no name may be empty. A member of several gets the message once for each. */
    T groups(Collection<String> names);

    /** The members of a group but these connections. */
    T groupExcept(String name, Collection<String> connectionIds);

    /** All connections of a user; the identifier is case-sensitive. */
    T user(String userId);

    /** All connections of these users. */
    T users(Collection<String> userIds);
}
