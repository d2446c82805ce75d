package io.hubwire.protocol.internal.json;

/** Text of ASCII alone. */
final class Ascii {

    private Ascii() {}

    /** Returns the text between two places, which was checked to be ASCII. */
    @SuppressWarnings(
            "deprecation") // deprecated since bytes are not characters, which these are; saves a third of the time
    static String string(byte[] bytes, int from, int to) {
        return new String(bytes, 0, from, to - from);
    }
}
