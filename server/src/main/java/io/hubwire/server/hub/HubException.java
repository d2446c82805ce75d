package io.hubwire.server.hub;

/**
 * An error whose text is meant for the caller: the call fails, its message reaches the client, the connection lives.
 *
 * <p>Every other exception from a hub is logged and hidden behind a general sentence, unless detailed errors are on.
 */
public class HubException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates the exception with the text that the caller sees. */
    public HubException(String message) {
        super(message);
    }

    /** Creates the exception with the text that the caller sees and a cause that only the log shows. */
    public HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
