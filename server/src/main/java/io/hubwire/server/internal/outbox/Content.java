package io.hubwire.server.internal.outbox;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What stands at one place of an outbox: a message that others may get too, or a {@link Run} for one client alone. */
abstract class Content {

    /** How many bytes. */
    abstract int size();

    /** The bytes, in a buffer of its own. */
    abstract ByteBuffer bytes();

    /** Whether its messages are numbered. */
    abstract boolean isNumbered();

    /** How many messages. */
    int count() {
        return 1;
    }

    /** Why it may be given up; null if it may not. */
    Outbox.@Nullable Expendable rank() {
        return null;
    }

    /**
     * Takes nothing more.
     *
     * @param usual how long runs were so far
     * @param kept whether the messages may have to be kept
     * @return how long runs are now
     */
    int seal(int usual, boolean kept) {
        return usual;
    }

    /** Lets go of its first messages, which are not all it has. */
    void drop(int messages) {
        throw new IllegalStateException("one message cannot be parted");
    }
}
