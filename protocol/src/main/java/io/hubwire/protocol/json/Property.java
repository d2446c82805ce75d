package io.hubwire.protocol.json;

import io.hubwire.protocol.internal.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/** The properties that a message may have. */
enum Property {
    TYPE("type"),
    INVOCATION_ID("invocationId"),
    TARGET("target"),
    ARGUMENTS("arguments"),
    STREAM_IDS("streamIds"),
    HEADERS("headers"),
    ITEM("item"),
    RESULT("result"),
    ERROR("error"),
    ALLOW_RECONNECT("allowReconnect"),
    SEQUENCE_ID("sequenceId"),
    OTHER("");

    private final int length;
    private final long head;
    private final long headMask;
    private final long tail;
    private final long tailMask;

    Property(String name) {
        var written = name + "\":";
        length = name.length();
        head = eight(written, 0);
        headMask = mask(written.length());
        tail = eight(written, Long.BYTES);
        tailMask = mask(written.length() - Long.BYTES);
    }

    /** Passes up to the value of the next member and returns what it is; or passes the end and returns null. */
    static @Nullable Property next(JsonCursor cursor) {
        var usual = ahead(cursor, cursor.nameAhead());
        if (usual != OTHER) {
            cursor.passName(usual.length);
            return usual;
        }
        return cursor.nextMember() ? of(cursor.name()) : null;
    }

    private static Property ahead(JsonCursor cursor, long name) {
        if (TYPE.begins(name)) {
            return TYPE;
        }
        if (TARGET.begins(name)) {
            return TARGET;
        }
        if (ARGUMENTS.begins(name)) {
            return ARGUMENTS.goesOn(cursor);
        }
        if (INVOCATION_ID.begins(name)) {
            return INVOCATION_ID.goesOn(cursor);
        }
        if (RESULT.begins(name)) {
            return RESULT;
        }
        return ITEM.begins(name) ? ITEM : OTHER;
    }

    private boolean begins(long name) {
        return (name & headMask) == head;
    }

    private Property goesOn(JsonCursor cursor) {
        return (cursor.nameAheadGoesOn() & tailMask) == tail ? this : OTHER;
    }

    private static Property of(String name) {
        return switch (name) {
            case "type" -> TYPE;
            case "invocationId" -> INVOCATION_ID;
            case "target" -> TARGET;
            case "arguments" -> ARGUMENTS;
            case "streamIds" -> STREAM_IDS;
            case "headers" -> HEADERS;
            case "item" -> ITEM;
            case "result" -> RESULT;
            case "error" -> ERROR;
            case "allowReconnect" -> ALLOW_RECONNECT;
            case "sequenceId" -> SEQUENCE_ID;
            default -> OTHER;
        };
    }

    /** Returns the bytes from {@code from} on, the first one lowest, zeros behind the last. */
    private static long eight(String text, int from) {
        long eight = 0;
        for (int i = Math.min(text.length(), from + Long.BYTES) - 1; i >= from; i--) {
            eight = (eight << Byte.SIZE) | text.charAt(i);
        }
        return eight;
    }

    private static long mask(int length) {
        return length >= Long.BYTES ? -1 : (1L << (Math.max(0, length) * Byte.SIZE)) - 1;
    }
}
