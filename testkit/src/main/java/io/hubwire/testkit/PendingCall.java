package io.hubwire.testkit;

import io.hubwire.protocol.HubMessage.Outcome;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A call that a client has made, and what has come back. Guarded by the lock of its conversation. */
final class PendingCall {

    private final String id;
    private final String method;
    private final Type type;
    private final Queue<Item> items = new ArrayDeque<>();
    private @Nullable Outcome outcome;
    private @Nullable Throwable unfit;

    PendingCall(String id, String method, Type type) {
        this.id = id;
        this.method = method;
        this.type = type;
    }

    String id() {
        return id;
    }

    String method() {
        return method;
    }

    Type type() {
        return type;
    }

    void item(@Nullable Object value) {
        items.add(new Item(value));
    }

    Queue<Item> items() {
        return items;
    }

    void end(Outcome how) {
        outcome = how;
    }

    /** What came is not of the type that was asked for. */
    void misfit(Throwable cause) {
        unfit = cause;
    }

    @Nullable Outcome outcome() {
        if (unfit != null) {
            throw new AssertionError("what '" + method + "' returned is no " + type.getTypeName(), unfit);
        }
        return outcome;
    }

    boolean isOver() {
        return outcome != null || unfit != null;
    }

    /** An element of a stream. */
    record Item(@Nullable Object value) {}
}
