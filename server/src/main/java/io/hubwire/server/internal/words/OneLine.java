package io.hubwire.server.internal.words;

import org.jspecify.annotations.Nullable;

/**
 * What may hold a client's words, as it is shown in logs: on one line, whatever the client has made of it, and not too long.
 * Written out only when a log asks for it.
 */
public final class OneLine {

    private static final int LONGEST = 1_000;

    private final @Nullable Object text;

    private OneLine(@Nullable Object text) {
        this.text = text;
    }

    /** Shows what {@code text} says of itself. */
    public static OneLine of(@Nullable Object text) {
        return new OneLine(text);
    }

    @Override
    public String toString() {
        String whole = String.valueOf(text);
        String shown = whole.length() > LONGEST ? whole.substring(0, LONGEST) : whole;
        StringBuilder line = new StringBuilder(shown.length() + 1);
        for (int i = 0; i < shown.length(); i++) {
            char each = shown.charAt(i);
            if (misleads(each)) {
                line.append(String.format("\\u%04x", (int) each));
            } else {
                line.append(each);
            }
        }
        return whole.length() > LONGEST ? line.append('…').toString() : line.toString();
    }

    /** Whether a terminal or a reader of logs would not see the character as one that stands in its place. */
    private static boolean misleads(char each) {
        return switch (Character.getType(each)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
