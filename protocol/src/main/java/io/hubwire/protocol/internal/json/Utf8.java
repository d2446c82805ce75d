package io.hubwire.protocol.internal.json;

/** Characters beyond ASCII as bytes. */
final class Utf8 {

    private Utf8() {}

    /** Returns how many bytes the character has that begins here, or 0 if it is none; the first byte is negative. */
    static int length(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xFF;
        if (lead < 0xC2) {
            return 0;
        }
        if (lead < 0xE0) {
            return continues(bytes, at + 1, to) ? 2 : 0;
        }
        if (lead < 0xF0) {
            return second(lead, bytes, at + 1, to) && continues(bytes, at + 2, to) ? 3 : 0;
        }
        return lead <= 0xF4
                        && second(lead, bytes, at + 1, to)
                        && continues(bytes, at + 2, to)
                        && continues(bytes, at + 3, to)
                ? 4
                : 0;
    }

    /** Tells whether the second byte goes with the first: no long form, no surrogate, nothing beyond U+10FFFF. */
    private static boolean second(int lead, byte[] bytes, int at, int to) {
        if (!continues(bytes, at, to)) {
            return false;
        }
        int next = bytes[at] & 0xFF;
        return switch (lead) {
            case 0xE0 -> next >= 0xA0;
            case 0xED -> next < 0xA0;
            case 0xF0 -> next >= 0x90;
            case 0xF4 -> next < 0x90;
            default -> true;
        };
    }

    private static boolean continues(byte[] bytes, int at, int to) {
        return at < to && (bytes[at] & 0xC0) == 0x80;
    }
}
