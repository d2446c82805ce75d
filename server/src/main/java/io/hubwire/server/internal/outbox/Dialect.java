package io.hubwire.server.internal.outbox;

import io.hubwire.protocol.HubMessage;
import io.hubwire.server.spi.Message;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;

/**
 * How the clients of one protocol are spoken to: how a call becomes a message, and how messages become a frame.
 *
 * <p>One instance per hub and protocol, compared by identity. Safe for any thread.
 */
public interface Dialect {

    /** The name by which a delivery carries messages that another node has encoded, such as {@code json}. */
    String name();

    /** Writes one call as one message, to be shared by everyone who speaks this dialect. */
    ByteBuffer encode(Message.Call call);

    /**
     * Writes one call as a message that wants an answer.
     *
     * @throws UnsupportedOperationException if clients of this dialect cannot be asked
     */
    default ByteBuffer question(String id, Message.Call call) {
        throw new UnsupportedOperationException("A client that speaks " + name() + " cannot be asked for a result");
    }

    /** Writes what a client of this dialect has answered, for the node that has asked. */
    default ByteBuffer answer(HubMessage.Completion answer) {
        throw new UnsupportedOperationException("A client that speaks " + name() + " does not answer");
    }

    /** Reads what another node has written with {@link #answer}, as a value of this type. */
    default HubMessage readAnswer(ByteBuffer answer, Type type) {
        throw new UnsupportedOperationException("A client that speaks " + name() + " does not answer");
    }

    /**
     * Puts messages that wait into one frame, which may be the bytes of a single message themselves.
     *
     * @param waiting what is to go out together, at least one message
     * @return a buffer of its own, though its bytes may be shared
     */
    ByteBuffer frame(Waiting waiting);

    /**
     * Whether a frame is nothing but its messages one behind the other. An outbox then writes what is for its client alone
     * like that from the start, and counts such a row of messages as one. Not for dialects that limit {@link
     * #messagesPerFrame} or whose clients come back with a position.
     */
    default boolean concatenates() {
        return false;
    }

    /** How many messages a frame may carry; those of ASP.NET Core carry as many as fit. */
    default int messagesPerFrame() {
        return Integer.MAX_VALUE;
    }

    /** The messages of one frame, in order. Valid during the call only. */
    interface Waiting {

        /** How many there are; several that were put one behind the other before count as one. */
        int size();

        /** Their bytes together. */
        int bytes();

        /** The next message, in a buffer of its own whose bytes are not to be changed; called {@link #size} times. */
        ByteBuffer next();

        /** Which outbox this is: differs for each that ever was, even for the same connection. */
        String instance();

        /** The number of the newest numbered message that the client will have after this frame; 0 before the first. */
        long position();
    }
}
