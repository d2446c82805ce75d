package io.hubwire.protocol.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Strings with escapes. */
final class Escapes {

    private Escapes() {}

    /** Returns the string whose text, checked before, lies between two places. */
    static String resolve(byte[] bytes, int from, int to) {
        var text = new StringBuilder(to - from);
        int at = from;
        while (at < to) {
            int escape = indexOfEscape(bytes, at, to);
            text.append(new String(bytes, at, escape - at, UTF_8));
            if (escape == to) {
                break;
            }
            byte letter = bytes[escape + 1];
            if (letter == 'u') {
                text.append((char) hex(bytes, escape + 2));
                at = escape + 6;
            } else {
                text.append(character(letter));
                at = escape + 2;
            }
        }
        return text.toString();
    }

    private static int indexOfEscape(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    private static int hex(byte[] bytes, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = (value << 4) | Character.digit(bytes[i], 16);
        }
        return value;
    }

    private static char character(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (char) letter;
        };
    }
}
