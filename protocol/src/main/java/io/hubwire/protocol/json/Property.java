package io.hubwire.protocol.json;

import io.hubwire.protocol.internal.json.JsonCursor;
import java.nio.charset.StandardCharsets;

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
    private final long tail;

    Property(String name) {
        length = name.length();
        head = eight(name, 0);
        tail = eight(name, Math.max(0, length - Long.BYTES));
    }

    /** Recognizes the name of the member that the cursor stands at. */
    static Property of(JsonCursor cursor) {
        return switch (cursor.nameLength()) {
            case 4 -> TYPE.is(cursor) ? TYPE : ITEM.orOther(cursor);
            case 5 -> ERROR.orOther(cursor);
            case 6 -> TARGET.is(cursor) ? TARGET : RESULT.orOther(cursor);
            case 7 -> HEADERS.orOther(cursor);
            case 9 -> ARGUMENTS.is(cursor) ? ARGUMENTS : STREAM_IDS.orOther(cursor);
            case 10 -> SEQUENCE_ID.orOther(cursor);
            case 12 -> INVOCATION_ID.orOther(cursor);
            case 14 -> ALLOW_RECONNECT.orOther(cursor);
            default -> OTHER;
        };
    }

    private Property orOther(JsonCursor cursor) {
        return is(cursor) ? this : OTHER;
    }

    private boolean is(JsonCursor cursor) {
        return cursor.nameHead() == head && (length <= Long.BYTES || cursor.nameTail() == tail);
    }

    private static long eight(String name, int from) {
        long eight = 0;
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        for (int i = Math.min(bytes.length, from + Long.BYTES) - 1; i >= from; i--) {
            eight = (eight << Byte.SIZE) | bytes[i];
        }
        return eight;
    }
}
