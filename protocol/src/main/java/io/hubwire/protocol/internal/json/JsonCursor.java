package io.hubwire.protocol.internal.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

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

    private byte[] name;
    private int nameFrom;
    private int nameLength;

    private long integer;

    /** The text is not JSON; says where. */
    public static final class Malformed extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        private Malformed(String message) {
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
        this.name = bytes;
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

    /** Goes back to the place of a value that was passed, as if it were a text of its own. */
    public void position(int place) {
        at = place;
        depth = 0;
    }

    /** Returns what lies between two places, as a buffer. */
    public ByteBuffer slice(int from, int to) {
        return ByteBuffer.wrap(bytes, from, to - from);
    }

    /** Returns the next byte that is no white space, and stays before it. */
    public int peek() {
        int here = at;
        if (here < end) {
            byte next = bytes[here];
            if (next > ' ') {
                return next;
            }
        }
        return peekBehindSpace();
    }

    private int peekBehindSpace() {
        for (int here = at; here < end; here++) {
            byte next = bytes[here];
            if (next != ' ' && next != '\t' && next != '\n' && next != '\r') {
                at = here;
                return next;
            }
        }
        at = end;
        throw malformed(end);
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
                if (next != '-' && !isDigit(next)) {
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
        for (; at < end; at++) {
            byte next = bytes[at];
            if (next != ' ' && next != '\t' && next != '\n' && next != '\r') {
                throw malformed(at);
            }
        }
    }

    /** Passes the beginning of an object. */
    public void enterObject() {
        expect('{');
        enter();
        first = true;
    }

    /** Passes the beginning of an array. */
    public void enterArray() {
        expect('[');
        enter();
        first = true;
    }

    /** Passes up to the next value of an object, remembers its name, and returns true; or passes the object's end. */
    public boolean nextMember() {
        if (!more('}')) {
            return false;
        }
        passName();
        return true;
    }

    /** Passes up to the next value of an array and returns true; or passes the array's end. */
    public boolean nextElement() {
        return more(']');
    }

    private boolean more(int close) {
        int next = peek();
        if (next == close) {
            at++;
            depth--;
            first = false;
            return false;
        }
        if (first) {
            first = false;
            return true;
        }
        if (next != ',') {
            throw malformed(at);
        }
        at++;
        return true;
    }

    private void passName() {
        expect('"');
        int from = at;
        int to = passString();
        if ((contains & ESCAPED) == 0) {
            name = bytes;
            nameFrom = from;
            nameLength = to - from;
        } else {
            name = text(from, to).getBytes(UTF_8);
            nameFrom = 0;
            nameLength = name.length;
        }
        expect(':');
    }

    /** Returns how many bytes the name of the current member has. */
    public int nameLength() {
        return nameLength;
    }

    /** Returns the first eight bytes of the current member's name, the first one lowest; zeros behind a shorter name. */
    public long nameHead() {
        int length = Math.min(nameLength, Long.BYTES);
        if (nameFrom + Long.BYTES <= name.length) {
            long head = Swar.eight(name, nameFrom);
            return length == Long.BYTES ? head : head & ((1L << (length << 3)) - 1);
        }
        long head = 0;
        for (int i = 0; i < length; i++) {
            head |= (name[nameFrom + i] & 0xFFL) << (i << 3);
        }
        return head;
    }

    /** Returns the last eight bytes of the current member's name, which must have as many, the first one lowest. */
    public long nameTail() {
        return Swar.eight(name, nameFrom + nameLength - Long.BYTES);
    }

    /** Returns the name of the current member. */
    public String name() {
        return new String(name, nameFrom, nameLength, UTF_8);
    }

    /** Passes a string and returns it. */
    public String string() {
        expect('"');
        int from = at;
        int to = passString();
        return text(from, to);
    }

    private String text(int from, int to) {
        if (contains == 0) {
            return new String(bytes, from, to - from, ISO_8859_1);
        }
        return (contains & ESCAPED) == 0 ? new String(bytes, from, to - from, UTF_8) : Escapes.resolve(bytes, from, to);
    }

    /** Passes a number and returns its text. */
    public String number() {
        peek();
        int from = at;
        passNumber();
        return new String(bytes, from, at - from, ISO_8859_1);
    }

    /**
     * Passes a number and tells whether it is written as an integer that fits in 64 bits; see {@link #integer}.
     */
    public boolean passInteger() {
        peek();
        int from = at;
        boolean whole = passNumber();
        boolean negative = bytes[from] == '-';
        int digit = negative ? from + 1 : from;
        if (!whole || at - digit > 19) {
            return false;
        }
        // below zero there is room for one more
        long value = 0;
        for (; digit < at; digit++) {
            int unit = bytes[digit] - '0';
            if (at - from >= 19 && value < (Long.MIN_VALUE + unit) / 10) {
                return false;
            }
            value = value * 10 - unit;
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
        int outside = depth;
        long objects = 0;
        while (true) {
            int next = peek();
            if (next == '{' || next == '[') {
                at++;
                enter();
                boolean object = next == '{';
                objects = object ? objects | (1L << depth) : objects & ~(1L << depth);
                if (peek() != (object ? '}' : ']')) {
                    if (object) {
                        passName();
                    }
                    continue;
                }
            } else {
                skipScalar(next);
            }
            if (leaveAll(outside, objects)) {
                return;
            }
        }
    }

    /** Passes the ends that follow a value; returns true if that was the outermost one, else stands before the next. */
    private boolean leaveAll(int outside, long objects) {
        while (depth > outside) {
            boolean object = (objects & (1L << depth)) != 0;
            int next = peek();
            at++;
            if (next == ',') {
                if (object) {
                    passName();
                }
                return false;
            }
            if (next != (object ? '}' : ']')) {
                throw malformed(at - 1);
            }
            depth--;
        }
        return true;
    }

    private void skipScalar(int next) {
        switch (next) {
            case '"' -> {
                at++;
                passString();
            }
            case 't' -> passWord("true");
            case 'f' -> passWord("false");
            case 'n' -> passWord("null");
            default -> passNumber();
        }
    }

    private void passWord(String word) {
        int length = word.length();
        if (end - at < length) {
            throw malformed(end);
        }
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != word.charAt(i)) {
                throw malformed(at + i);
            }
        }
        at += length;
    }

    /** Passes a number; returns whether it has neither fraction nor exponent. */
    private boolean passNumber() {
        int here = at;
        if (byteAt(here) == '-') {
            here++;
        }
        here = byteAt(here) == '0' ? here + 1 : digits(here);
        boolean whole = true;
        if (byteAt(here) == '.') {
            whole = false;
            here = digits(here + 1);
        }
        int exponent = byteAt(here);
        if (exponent == 'e' || exponent == 'E') {
            whole = false;
            int sign = byteAt(here + 1);
            here = digits(sign == '+' || sign == '-' ? here + 2 : here + 1);
        }
        at = here;
        return whole;
    }

    private int digits(int from) {
        int here = from;
        while (isDigit(byteAt(here))) {
            here++;
        }
        if (here == from) {
            throw malformed(here);
        }
        return here;
    }

    private int byteAt(int place) {
        return place < end ? bytes[place] : 0;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    /** Passes the rest of a string, notes what it contains, and returns where its text ends. */
    private int passString() {
        contains = 0;
        int here = at;
        while (true) {
            here = Swar.special(bytes, here, end);
            if (here == end) {
                throw malformed(end);
            }
            byte special = bytes[here];
            if (special == '"') {
                at = here + 1;
                return here;
            }
            if (special < 0) {
                contains |= BEYOND_ASCII;
                here = passCharacters(here);
            } else if (special == '\\') {
                contains |= ESCAPED;
                here = passEscape(here);
            } else {
                throw malformed(here);
            }
        }
    }

    private int passEscape(int from) {
        return switch (byteAt(from + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> from + 2;
            case 'u' -> {
                for (int here = from + 2; here < from + 6; here++) {
                    if (Character.digit(byteAt(here), 16) < 0) {
                        throw malformed(here);
                    }
                }
                yield from + 6;
            }
            default -> throw malformed(from + 1);
        };
    }

    private int passCharacters(int from) {
        int here = from;
        while (here < end && bytes[here] < 0) {
            int length = Utf8.length(bytes, here, end);
            if (length == 0) {
                throw malformed(here);
            }
            here += length;
        }
        return here;
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw new Malformed("Nested deeper than " + DEEPEST + " at " + at);
        }
    }

    private void expect(int character) {
        if (peek() != character) {
            throw malformed(at);
        }
        at++;
    }

    private Malformed malformed(int place) {
        return new Malformed(
                place < end
                        ? "Unexpected byte 0x%02X at %d".formatted(bytes[place], place)
                        : "Unexpected end at " + place);
    }
}
