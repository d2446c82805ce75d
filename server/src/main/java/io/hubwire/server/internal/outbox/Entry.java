package io.hubwire.server.internal.outbox;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One place in the queue of an outbox, guarded by its lock; without a content it is an empty one. */
final class Entry {

    @Nullable Content content;

    /** The number of its last message, from the moment it is taken for the first time where numbers matter; 0 without one. */
    long number;

    @Nullable Entry next;

    Entry(@Nullable Content content) {
        this.content = content;
    }

    int size() {
        return content == null ? 0 : content.size();
    }

    int count() {
        return content == null ? 0 : content.count();
    }

    boolean isNumbered() {
        return content != null && content.isNumbered();
    }

    Content content() {
        return Objects.requireNonNull(content);
    }

    long firstNumber() {
        return number - count() + 1;
    }

    /** Lets go of the messages up to this number, which is not the last one's. */
    void dropUpTo(long arrived) {
        if (content instanceof Run run && number > 0 && firstNumber() <= arrived) {
            run.drop((int) (arrived - firstNumber() + 1));
        }
    }

    Entry next() {
        return Objects.requireNonNull(next);
    }
}
