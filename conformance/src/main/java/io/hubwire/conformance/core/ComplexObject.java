package io.hubwire.conformance.core;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One member of each kind that clients compare. A class for the sake of its arrays. */
public final class ComplexObject {

    /** Text. */
    public @Nullable String string;

    /** Numbers. */
    public int @Nullable [] intArray;

    /** Bytes. */
    public byte @Nullable [] byteArray;

    /** A UUID. */
    public @Nullable UUID guid;

    /** A moment. */
    public @Nullable Instant dateTime;

    /** Everything missing. */
    public ComplexObject() {}

    static ComplexObject example() {
        ComplexObject example = new ComplexObject();
        example.string = "hello world";
        example.intArray = new int[] {1, 2, 3};
        example.byteArray = new byte[] {1, 2, 3};
        example.guid = UUID.fromString("00010203-0405-0607-0706-050403020100");
        example.dateTime = Instant.parse("2000-01-01T00:00:00Z");
        return example;
    }
}
