package io.hubwire.protocol.internal.parts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Short strings that are read again and again, so that they need not be made anew each time.
 *
 * <p>All that share a hash share one place, and the last one has it: a name crowds out no more than one other. Safe for
 * any thread without locks, since an entry never changes and a lost one costs no more than a new string.
 */
public final class Names {

    private static final int LONGEST = 40;
    private static final int PLACES = 256;

    private final @Nullable Entry[] entries = new @Nullable Entry[PLACES];

    /** Creates an empty store. */
    public Names() {}

    /** Returns the text of the bytes, in UTF-8, between two places. */
    public String of(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return new String(bytes, from, to - from, UTF_8);
        }
        int place = place(bytes, from, to);
        var known = entries[place];
        if (known != null && known.is(bytes, from, to)) {
            return known.text;
        }
        var text = new String(bytes, from, to - from, UTF_8);
        entries[place] = new Entry(Arrays.copyOfRange(bytes, from, to), text);
        return text;
    }

    private static int place(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = hash * 31 + bytes[at];
        }
        return (hash ^ (hash >>> 16)) & (PLACES - 1);
    }

    private static final class Entry {

        private final byte[] bytes;
        private final String text;

        Entry(byte[] bytes, String text) {
            this.bytes = bytes;
            this.text = text;
        }

        boolean is(byte[] others, int from, int to) {
            return Arrays.equals(bytes, 0, bytes.length, others, from, to);
        }
    }
}
