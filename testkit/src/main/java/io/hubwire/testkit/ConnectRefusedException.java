package io.hubwire.testkit;

import java.io.Serial;

/** The server did not let a client in. Its message holds what the server said. */
public final class ConnectRefusedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final int status;

    ConnectRefusedException(int status, String words) {
        super(words);
        this.status = status;
    }

    /** The status of the answer that refused: 401 for a client that may not be anonymous; 200 for words alone. */
    public int status() {
        return status;
    }
}
