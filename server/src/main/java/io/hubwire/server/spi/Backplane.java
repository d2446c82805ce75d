package io.hubwire.server.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Carries deliveries to every node of a cluster, this one among them, and membership changes to the node that holds the
 * connection. All methods are safe for any thread and do not block.
 */
public interface Backplane extends AutoCloseable {

    /**
     * Connects this node: from now on it is told what arrives. Called once, before anything else.
     *
     * @param node what this node does with what arrives; may be called from any thread
     */
    void join(Node node);

    /**
     * Sends a delivery to every node that may have recipients.
     *
     * @return done when the delivery is on its way and, for recipients on this node, in their outboxes; fails when the
     *     backplane could not take it
     */
    CompletionStage<Void> publish(Delivery delivery);

    /**
     * Puts a connection that is not on this node into a group, or takes it out.
     *
     * @param joined true to join, false to leave
     * @return whether some node had the connection
     */
    CompletionStage<Boolean> member(String hub, ConnectionId connection, String group, boolean joined);

    /**
     * Asks a connection that is not on this node for the result of a call.
     *
     * @param invocationId what the answer will refer to; unique among the questions of all nodes
     * @return the answer, one whole message encoded in the dialect that the connection speaks; fails with an {@link
     *     java.io.IOException} when no node has the connection
     */
    CompletionStage<Message> ask(String hub, ConnectionId connection, String invocationId, Message call);

    /**
     * A group, user or connection got its first member on this node, or lost its last one. Must not wait: the hub's groups
     * stand still meanwhile. What it throws refuses whoever comes, and is logged for whoever goes.
     */
    void interest(String hub, Subject subject, boolean present);

    @Override
    void close();

    /** What a node can be interested in. */
    sealed interface Subject {

        /** The deliveries for one group. */
        record Group(String name) implements Subject {}

        /** The deliveries for one user. */
        record User(String id) implements Subject {}

        /** The deliveries for one connection. */
        record Connection(ConnectionId id) implements Subject {}
    }

    /** What a node does with what arrives from others. */
    interface Node {

        /**
         * Brings a delivery to the recipients that are on this node.
         *
         * @return done when they can take more: what was sent to a client that reads slowly keeps the stage open
         */
        CompletionStage<Void> deliver(Delivery delivery);

        /** Joins or leaves a group; false when the connection is not on this node. */
        boolean member(String hub, ConnectionId connection, String group, boolean joined);

        /**
         * Asks a connection on this node for the result of a call.
         *
         * @param call to be encoded here with {@code invocationId}, or encoded already and holding it
         * @return the encoded answer, an error if the client leaves; empty when the connection is not here
         */
        Optional<CompletionStage<Message>> ask(String hub, ConnectionId connection, String invocationId, Message call);
    }
}
