package io.hubwire.server.internal.outbox;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One place in the queue of an outbox, guarded by its lock; without an item it is an empty one. */
final class Entry {

    Outbox.@Nullable Item item;

    /** The number of the message, from the moment it is taken for the first time where numbers matter; 0 without one. */
    long number;

    @Nullable Entry next;

    Entry(Outbox.@Nullable Item item) {
        this.item = item;
    }

    int size() {
        return item == null ? 0 : item.size();
    }

    boolean isNumbered() {
        return item != null && item.isNumbered();
    }

    Entry next() {
        return Objects.requireNonNull(next);
    }
}
