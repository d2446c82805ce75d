package io.hubwire.server.internal.outbox;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a message that waits for a client that is slow may be given up. */
public final class Expendable {

    private final String method;
    private final @Nullable Key key;

    private Expendable(String method, @Nullable Key key) {
        this.method = method;
        this.key = key;
    }

    /** A call of {@code method} that makes room if there is none left. */
    public static Expendable oldest(String method) {
        return new Expendable(method, null);
    }

    /** A call of {@code method} that is of no use as soon as there is a newer one with the same key. */
    public static Expendable latest(String method, @Nullable Object key) {
        return new Expendable(method, new Key(method.toLowerCase(Locale.ROOT), key));
    }

    String method() {
        return method;
    }

    @Nullable Key key() {
        return key;
    }

    /** What calls have in common of which the newest counts. */
    record Key(String method, @Nullable Object value) {}
}
