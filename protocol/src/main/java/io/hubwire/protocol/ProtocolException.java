package io.hubwire.protocol;

import java.io.Serial;

/**
 * The peer broke the protocol: the connection is closed, there is nothing to answer.
 *
 * <p>The message is the reference's text, which clients see where details are allowed. There is no stack trace, since
 * what is wrong stands in the frame.
 */
public final class ProtocolException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates the exception with the text that the log and, if allowed, the peer may see. */
    public ProtocolException(String message) {
        super(message, null, false, false);
    }

    /** Creates the exception with the text that the log and, if allowed, the peer may see, and what only the log sees. */
    public ProtocolException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
