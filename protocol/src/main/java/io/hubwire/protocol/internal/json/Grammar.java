package io.hubwire.protocol.internal.json;

import io.hubwire.protocol.internal.json.JsonCursor.Malformed;

/** What scalars look like: each function returns the place behind one, or fails where it stops being one. */
final class Grammar {

    private Grammar() {}

    static int behindWord(String word, byte[] bytes, int from, int end) {
        int length = word.length();
        for (int i = 0; i < length; i++) {
            if (byteAt(bytes, from + i, end) != word.charAt(i)) {
                throw malformed(bytes, from + i, end);
            }
        }
        return from + length;
    }

    static int behindNumber(byte[] bytes, int from, int end) {
        int here = byteAt(bytes, from, end) == '-' ? from + 1 : from;
        here = byteAt(bytes, here, end) == '0' ? here + 1 : behindDigits(bytes, here, end);
        if (byteAt(bytes, here, end) == '.') {
            here = behindDigits(bytes, here + 1, end);
        }
        int exponent = byteAt(bytes, here, end);
        if (exponent == 'e' || exponent == 'E') {
            int sign = byteAt(bytes, here + 1, end);
            here = behindDigits(bytes, sign == '+' || sign == '-' ? here + 2 : here + 1, end);
        }
        return here;
    }

    private static int behindDigits(byte[] bytes, int from, int end) {
        int here = from;
        while (isDigit(byteAt(bytes, here, end))) {
            here++;
        }
        if (here == from) {
            throw malformed(bytes, here, end);
        }
        return here;
    }

    static int behindEscape(byte[] bytes, int from, int end) {
        return switch (byteAt(bytes, from + 1, end)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> from + 2;
            case 'u' -> {
                for (int here = from + 2; here < from + 6; here++) {
                    if (Character.digit(byteAt(bytes, here, end), 16) < 0) {
                        throw malformed(bytes, here, end);
                    }
                }
                yield from + 6;
            }
            default -> throw malformed(bytes, from + 1, end);
        };
    }

    static int behindCharacters(byte[] bytes, int from, int end) {
        int here = from;
        while (here < end && bytes[here] < 0) {
            int length = Utf8.length(bytes, here, end);
            if (length == 0) {
                throw malformed(bytes, here, end);
            }
            here += length;
        }
        return here;
    }

    private static int byteAt(byte[] bytes, int place, int end) {
        return place < end ? bytes[place] : 0;
    }

    static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    /** Returns what to throw if the byte at this place, or the end there, cannot be. */
    static Malformed malformed(byte[] bytes, int place, int end) {
        return new Malformed(
                place < end
                        ? "Unexpected byte 0x%02X at %d".formatted(bytes[place], place)
                        : "Unexpected end at " + place);
    }
}
