package io.hubwire.protocol.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.protocol.internal.parts.Names;
import java.io.Serial;
import java.nio.ByteBuffer;

/**
 * A place in a JSON text that moves forward over it, strictly and in place.
 *
 * <p>Accepts RFC 8259 in UTF-8 and nothing else, nested at most {@link #DEEPEST} deep, without recursion. Everything
 * that is passed over is checked. Confined to one thread.
 */
public final class JsonCursor {

    /** How deep values may be nested, the outermost one included. */
    public static final int DEEPEST = 64;

    private static final int ESCAPED = 1;
    private static final int BEYOND_ASCII = 2;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int depth;

    /** Whether nothing of the innermost array or object has been passed yet. */
    private boolean first;

    /** What the string that was passed last contains besides plain ASCII. */
    private int contains;

    private String name = "";

    private long integer;

    /** The text is not JSON; says where. */
    public static final class Malformed extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** What a value is. */
    public enum Kind {
        OBJECT("Object"),
        ARRAY("Array"),
        STRING("String"),
        NUMBER("Number"),
        TRUE("True"),
        FALSE("False"),
        NULL("Null");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Returns the word that error texts use. */
        public String text() {
            return text;
        }
    }

    /** Creates a cursor at {@code from} that ends at {@code to}. */
    public JsonCursor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /** Creates a cursor over what remains in the buffer, in place if it has an array. */
    public static JsonCursor over(ByteBuffer text) {
        if (text.hasArray()) {
            int offset = text.arrayOffset();
            return new JsonCursor(text.array(), offset + text.position(), offset + text.limit());
        }
        byte[] copy = new byte[text.remaining()];
        text.get(text.position(), copy);
        return new JsonCursor(copy, 0, copy.length);
    }

    /** Returns the place: behind what was passed. */
    public int position() {
        return at;
    }

    /** Goes back to the place of a value of the outermost object. */
    public void position(int place) {
        at = place;
        depth = 1;
        first = false;
    }

    /**
     * Returns the eight bytes that begin the next name, the first one lowest; or 0, if it is not written in the usual
     * way, without space and not at the very end. Passes nothing; see {@link #passName}.
     */
    public long nameAhead() {
        int here = first ? at : at + 1;
        if (here + Long.BYTES >= end || bytes[here] != '"' || !(first || bytes[at] == ',')) {
            return 0;
        }
        return Swar.eight(bytes, here + 1);
    }

    /** Returns the eight bytes that follow those of {@link #nameAhead}, or 0 if it is that near to the end. */
    public long nameAheadGoesOn() {
        int here = (first ? at : at + 1) + 1 + Long.BYTES;
        return here + Long.BYTES > end ? 0 : Swar.eight(bytes, here);
    }

    /** Passes up to the value of a member, whose name was recognized by the bytes ahead. */
    public void passName(int length) {
        at = (first ? at : at + 1) + length + 3;
        first = false;
    }

    /** Returns what lies between two places, as a buffer. */
    public ByteBuffer slice(int from, int to) {
        return ByteBuffer.wrap(bytes, from, to - from);
    }

    /** Returns the next byte that is no white space, and stays before it. */
    public int peek() {
        int here = token(at);
        at = here;
        return bytes[here];
    }

    /** Returns the place of the first byte from {@code from} on that is no white space. */
    private int token(int from) {
        if (from < end && bytes[from] > ' ') {
            return from;
        }
        return tokenBehindSpace(from);
    }

    private int tokenBehindSpace(int from) {
        int here = from;
        while (here < end && isSpace(bytes[here])) {
            here++;
        }
        if (here >= end) {
            throw malformed(end);
        }
        return here;
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t' || character == '\n' || character == '\r';
    }

    /** Returns what the next value is by its first byte, and stays before it. */
    public Kind kind() {
        int next = peek();
        return switch (next) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't' -> Kind.TRUE;
            case 'f' -> Kind.FALSE;
            case 'n' -> Kind.NULL;
            default -> {
                if (next != '-' && !Grammar.isDigit(next)) {
                    throw malformed(at);
                }
                yield Kind.NUMBER;
            }
        };
    }

    /** Passes the beginning of the outermost object, or a scalar that stands instead, and returns what it was. */
    public Kind begin() {
        var kind = kind();
        switch (kind) {
            case OBJECT -> enterObject();
            case ARRAY -> enterArray();
            case STRING, NUMBER, TRUE, FALSE, NULL -> skip();
        }
        return kind;
    }

    /** Passes white space up to the end of the text. */
    public void finish() {
        while (at < end) {
            if (!isSpace(bytes[at])) {
                throw malformed(at);
            }
            at++;
        }
    }

    /** Passes the beginning of an object. */
    public void enterObject() {
        enter('{');
    }

    /** Passes the beginning of an array. */
    public void enterArray() {
        enter('[');
    }

    private void enter(int open) {
        at = behind(open, at);
        depth = deeper(depth);
        first = true;
    }

    /** Passes up to the next value of an object, remembers its name, and returns true; or passes the object's end. */
    public boolean nextMember() {
        int here = next('}');
        if (here < 0) {
            return false;
        }
        int from = behind('"', here);
        int to = quote(from);
        name = text(from, to);
        at = behind(':', to + 1);
        return true;
    }

    /** Passes up to the next value of an array and returns true; or passes the array's end. */
    public boolean nextElement() {
        int here = next(']');
        if (here < 0) {
            return false;
        }
        at = here;
        return true;
    }

    /** Returns the place of what comes next, behind a comma if it needs one; or passes the end and returns -1. */
    private int next(int close) {
        int here = token(at);
        byte next = bytes[here];
        if (next == ',' && !first) {
            return here + 1;
        }
        if (next == close) {
            at = here + 1;
            depth--;
            first = false;
            return -1;
        }
        if (!first) {
            throw malformed(here);
        }
        first = false;
        return here;
    }

    /** Returns the name of the current member. */
    public String name() {
        return name;
    }

    /** Passes a string and returns it. */
    public String string() {
        int from = behind('"', at);
        int to = quote(from);
        at = to + 1;
        return text(from, to);
    }

    /** Passes a string and returns takes it from {@code known}, if it is plain ASCII. */
    public String string(Names known) {
        int from = behind('"', at);
        int to = quote(from);
        at = to + 1;
        return contains == 0 ? known.of(bytes, from, to) : text(from, to);
    }

    private String text(int from, int to) {
        if (contains == 0) {
            return Ascii.string(bytes, from, to);
        }
        return (contains & ESCAPED) == 0 ? new String(bytes, from, to - from, UTF_8) : Escapes.resolve(bytes, from, to);
    }

    /** Passes a number and returns its text. */
    public String number() {
        int from = token(at);
        at = Grammar.behindNumber(bytes, from, end);
        return Ascii.string(bytes, from, at);
    }

    /** Passes a number and tells whether it is written as an integer that fits in 64 bits; see {@link #integer}. */
    public boolean passInteger() {
        int from = token(at);
        if (Grammar.isDigit(bytes[from]) && from + 1 < end && (bytes[from + 1] == ',' || bytes[from + 1] == '}')) {
            integer = (long) bytes[from] - '0';
            at = from + 1;
            return true;
        }
        at = Grammar.behindNumber(bytes, from, end);
        boolean negative = bytes[from] == '-';
        // below zero there is room for one more
        long value = 0;
        for (int here = negative ? from + 1 : from; here < at; here++) {
            int digit = bytes[here] - '0';
            if (digit < 0 || digit > 9 || (here - from >= 18 && value < (Long.MIN_VALUE + digit) / 10)) {
                return false;
            }
            value = value * 10 - digit;
        }
        integer = negative ? value : -value;
        return negative || value != Long.MIN_VALUE;
    }

    /** Returns the integer that was passed last. */
    public long integer() {
        return integer;
    }

    /** Passes one value of any kind, with all that is in it. */
    public void skip() {
        int here = token(at);
        byte open = bytes[here];
        at = open == '{' || open == '[' ? behindNested(here) : behindScalar(here);
    }

    /** Returns the place behind an array or object. */
    private int behindNested(int from) {
        int here = from;
        int level = depth;
        // a bit for each level, set where it is an object
        long objects = 0;
        while (true) {
            byte next = bytes[here];
            if (next == '{' || next == '[') {
                level = deeper(level);
                boolean object = next == '{';
                objects = object ? objects | (1L << level) : objects & ~(1L << level);
                here = token(here + 1);
                if (bytes[here] != (object ? '}' : ']')) {
                    here = object ? behindName(here) : here;
                    continue;
                }
            } else {
                here = token(behindScalar(here));
            }
            // behind a value: at a comma, or at the ends of everything that it is the last of
            while (bytes[here] != ',') {
                if (bytes[here] != ((objects & (1L << level)) != 0 ? '}' : ']')) {
                    throw malformed(here);
                }
                if (--level == depth) {
                    return here + 1;
                }
                here = token(here + 1);
            }
            here = token(here + 1);
            if ((objects & (1L << level)) != 0) {
                here = behindName(here);
            }
        }
    }

    /** Returns the place of the value behind a name. */
    private int behindName(int from) {
        return token(behind(':', quote(behind('"', from)) + 1));
    }

    private int behindScalar(int from) {
        return switch (bytes[from]) {
            case '"' -> quote(from + 1) + 1;
            case 't' -> Grammar.behindWord("true", bytes, from, end);
            case 'f' -> Grammar.behindWord("false", bytes, from, end);
            case 'n' -> Grammar.behindWord("null", bytes, from, end);
            default -> Grammar.behindNumber(bytes, from, end);
        };
    }

    /** Returns the place of the quote that ends the string whose text begins here, and notes what it contains. */
    private int quote(int from) {
        int here = Swar.special(bytes, from, end);
        if (here < end && bytes[here] == '"') {
            contains = 0;
            return here;
        }
        return quoteOfRareString(here);
    }

    private int quoteOfRareString(int from) {
        int found = 0;
        int here = from;
        while (here < end && bytes[here] != '"') {
            byte special = bytes[here];
            if (special < 0) {
                found |= BEYOND_ASCII;
                here = Grammar.behindCharacters(bytes, here, end);
            } else if (special == '\\') {
                found |= ESCAPED;
                here = Grammar.behindEscape(bytes, here, end);
            } else {
                throw malformed(here);
            }
            here = Swar.special(bytes, here, end);
        }
        if (here >= end) {
            throw malformed(end);
        }
        contains = found;
        return here;
    }

    private int deeper(int level) {
        if (level == DEEPEST) {
            throw new Malformed("Nested deeper than " + DEEPEST + " at " + at);
        }
        return level + 1;
    }

    /** Returns the place behind a character that must come next. */
    private int behind(int character, int from) {
        int here = token(from);
        if (bytes[here] != character) {
            throw malformed(here);
        }
        return here + 1;
    }

    private Malformed malformed(int place) {
        return Grammar.malformed(bytes, place, end);
    }
}
