package io.hubwire.conformance.answer;

/** What the hubs here throw: clients look for its simple name in error texts. */
public final class InvalidOperationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates the exception with its text. */
    public InvalidOperationException(String message) {
        super(message);
    }
}
