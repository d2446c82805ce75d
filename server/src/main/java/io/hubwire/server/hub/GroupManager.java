package io.hubwire.server.hub;

import java.util.concurrent.CompletionStage;

/**
 * Puts connections into groups of a hub and takes them out. A group exists while it has members; membership ends with
 * the connection and is not restored when a client reconnects with a new one. Safe for any thread.
 */
public interface GroupManager {

    /**
     * Adds a connection; does nothing if it is a member, or if nobody has the id.
     *
     * @return done when messages to the group reach the connection
     * @throws IllegalArgumentException if the name is empty
     */
    CompletionStage<Void> add(String connectionId, String group);

    /**
     * Removes a connection; does nothing if it is no member.
     *
     * @return done when messages to the group no longer reach the connection
     * @throws IllegalArgumentException if the name is empty
     */
    CompletionStage<Void> remove(String connectionId, String group);
}
