package io.hubwire.protocol;

import java.nio.ByteBuffer;

/**
 * One dialect of the hub protocol: turns a whole frame into a message and a message into a whole frame.
 *
 * <p>Holds no state of a connection and is safe for any thread.
 */
public interface HubProtocol {

    /** Returns the name that the handshake names this dialect by, such as {@code json}. */
    String name();

    /** Tells whether this dialect speaks the version that a handshake asks for. */
    boolean supports(int version);

    /** Returns what a transport must be able to carry for this dialect. */
    TransferFormat transferFormat();

    /** Returns how frames of this dialect are told apart on a byte stream. */
    Framing framing();

    /**
     * Reads one frame. What does not bind is no error: it becomes one of the failure messages.
     *
     * @param frame exactly one frame, without what delimits it; fastest if it has an array, of which nothing is kept
     * @param binder says which Java types the values are to become
     * @return the message; never null, since an incomplete frame does not get here
     * @throws ProtocolException if the frame breaks the protocol, after which the connection cannot go on
     */
    HubMessage read(ByteBuffer frame, InvocationBinder binder);

    /**
     * Writes one frame.
     *
     * @param message what to say
     * @return the frame with what delimits it, ready for the wire; it has an array, which now belongs to the caller
     * @throws PayloadException if a value cannot be expressed in this dialect
     * @throws IllegalArgumentException if the message is one that is read only
     */
    ByteBuffer write(HubMessage message);
}
