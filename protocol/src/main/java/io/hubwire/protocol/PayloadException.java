package io.hubwire.protocol;

import java.io.Serial;

/** A value does not convert to the type that is wanted, or the dialect cannot express it. Has no stack trace. */
public final class PayloadException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates the exception with what the log shows. */
    public PayloadException(String message) {
        super(message, null, false, false);
    }

    /** Creates the exception with what the log shows and the reason. */
    public PayloadException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
