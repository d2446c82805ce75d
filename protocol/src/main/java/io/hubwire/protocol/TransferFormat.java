package io.hubwire.protocol;

import java.util.Arrays;
import java.util.Optional;

/** What a transport can carry, and what a dialect needs. */
public enum TransferFormat {

    /** UTF-8 text. */
    TEXT("Text"),

    /** Any bytes. */
    BINARY("Binary");

    private final String wireName;

    TransferFormat(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name on the wire and in error texts. */
    public String wireName() {
        return wireName;
    }

    /** Finds a format by its name on the wire. */
    public static Optional<TransferFormat> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(format -> format.wireName.equals(name))
                .findFirst();
    }
}
