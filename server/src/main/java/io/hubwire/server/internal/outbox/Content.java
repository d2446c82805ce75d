package io.hubwire.server.internal.outbox;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What stands at one place of an outbox: a message that others may get too, or a {@link Run} for one client alone. */
abstract sealed class Content permits Outbox.Item, Run {

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
}
