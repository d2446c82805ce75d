package io.hubwire.server.options;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of calls of a client's methods that wait for a client which does not read fast enough. Immutable.
 *
 * <p>Only calls that no write has taken yet are concerned, and never answers, items of streams or anything else that
 * somebody waits for. The other clients never notice.
 */
public final class SlowConsumerPolicy {

    private static final SlowConsumerPolicy DISCONNECT = new SlowConsumerPolicy("disconnect", null);
    private static final SlowConsumerPolicy DROP_OLDEST = new SlowConsumerPolicy("dropOldest", null);

    private final String name;
    private final @Nullable Function<List<@Nullable Object>, ? extends @Nullable Object> key;

    private SlowConsumerPolicy(
            String name, @Nullable Function<List<@Nullable Object>, ? extends @Nullable Object> key) {
        this.name = name;
        this.key = key;
    }

    /** Nothing is given up: a client for which more waits than {@link TransportOptions#maximumOutboxSize} is disconnected. */
    public static SlowConsumerPolicy disconnect() {
        return DISCONNECT;
    }

    /**
     * Where more would wait than {@link TransportOptions#maximumOutboxSize}, the oldest calls make room, for whatever
     * message it is that needs it. If that is not enough, the client is disconnected.
     */
    public static SlowConsumerPolicy dropOldest() {
        return DROP_OLDEST;
    }

    /** Of each method, only the newest call waits: it takes the place of an older one, at the end of the queue. */
    public static SlowConsumerPolicy keepLatest() {
        return keepLatest(arguments -> null);
    }

    /**
     * Of each method, only the newest call for each key waits, such as the last price of each share: it takes the place of
     * an older one, at the end of the queue.
     *
     * @param key finds the key in the arguments of a call; asked once for each call, however many clients it goes to. Keys
     *     are compared by {@code equals}
     */
    public static SlowConsumerPolicy keepLatest(Function<List<@Nullable Object>, ? extends @Nullable Object> key) {
        return new SlowConsumerPolicy("keepLatest", Objects.requireNonNull(key, "key"));
    }

    /** Whether this is {@link #dropOldest}. */
    public boolean dropsOldest() {
        return this == DROP_OLDEST;
    }

    /** Finds what a newer call has in common with an older one whose place it takes; empty if it never does. */
    public Optional<Function<List<@Nullable Object>, ? extends @Nullable Object>> key() {
        return Optional.ofNullable(key);
    }

    @Override
    public String toString() {
        return name;
    }
}
