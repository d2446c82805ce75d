package io.hubwire.payload.jackson;

import io.hubwire.protocol.internal.msgpack.MessagePackCursor;
import java.math.BigInteger;
import java.time.DateTimeException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.util.TokenBuffer;

/** MessagePack as the tokens that Jackson reads. Bytes, moments and other extensions are objects among them. */
final class Unpacking {

    private final MessagePackCursor cursor;
    private final TokenBuffer tokens;

    private Unpacking(MessagePackCursor cursor, TokenBuffer tokens) {
        this.cursor = cursor;
        this.tokens = tokens;
    }

    static JsonParser parser(MessagePackCursor cursor) {
        try (var tokens = TokenBuffer.forGeneration()) {
            new Unpacking(cursor, tokens).value(0);
            return new KnownObjects(tokens.asParser());
        }
    }

    private void value(int depth) {
        if (depth > MessagePackCursor.DEEPEST) {
            throw new StreamReadException(null, "Nested deeper than " + MessagePackCursor.DEEPEST);
        }
        switch (cursor.kind()) {
            case NIL -> {
                cursor.passNil();
                tokens.writeNull();
            }
            case BOOLEAN -> tokens.writeBoolean(cursor.bool());
            case INTEGER -> integer();
            case FLOAT -> number();
            case STRING -> tokens.writeString(cursor.string());
            case BINARY -> tokens.writeEmbeddedObject(cursor.binary());
            case EXTENSION -> tokens.writeEmbeddedObject(extension());
            case ARRAY -> array(depth);
            case MAP -> object(depth);
            case NOTHING -> throw new IllegalStateException("refused by the cursor");
        }
    }

    private void integer() {
        long value = cursor.integer();
        if (cursor.isHuge()) {
            tokens.writeNumber(new BigInteger(Long.toUnsignedString(value)));
        } else if (value == (int) value) {
            tokens.writeNumber((int) value);
        } else {
            tokens.writeNumber(value);
        }
    }

    private void number() {
        if (cursor.isShort()) {
            tokens.writeNumber((float) cursor.number());
        } else {
            tokens.writeNumber(cursor.number());
        }
    }

    private void array(int depth) {
        int count = cursor.enterArray();
        tokens.writeStartArray();
        for (int i = 0; i < count; i++) {
            value(depth + 1);
        }
        tokens.writeEndArray();
    }

    private void object(int depth) {
        int count = cursor.enterMap();
        tokens.writeStartObject();
        for (int i = 0; i < count; i++) {
            tokens.writeName(name());
            value(depth + 1);
        }
        tokens.writeEndObject();
    }

    /** Keys of dictionaries may be numbers, for which Jackson knows text alone. */
    private String name() {
        return switch (cursor.kind()) {
            case STRING -> cursor.string();
            case INTEGER -> {
                long value = cursor.integer();
                yield cursor.isHuge() ? Long.toUnsignedString(value) : Long.toString(value);
            }
            case BOOLEAN -> Boolean.toString(cursor.bool());
            case NIL, FLOAT, BINARY, ARRAY, MAP, EXTENSION, NOTHING ->
                throw new StreamReadException(null, "Expected a key that is a string");
        };
    }

    private Object extension() {
        if (!cursor.isTimestamp()) {
            cursor.skip(0);
            return Unknown.EXTENSION;
        }
        try {
            return cursor.timestamp();
        } catch (DateTimeException none) {
            throw new StreamReadException(null, none.getMessage(), none);
        }
    }

    /** What stands for an extension that nobody knows. */
    private enum Unknown {
        EXTENSION
    }

    /** Lets extensions that nobody knows be skipped, and not be had. */
    private static final class KnownObjects extends JsonParserDelegate {

        KnownObjects(JsonParser tokens) {
            super(tokens);
        }

        @Override
        public Object getEmbeddedObject() {
            var object = super.getEmbeddedObject();
            if (object == Unknown.EXTENSION) {
                throw new StreamReadException(this, "Unknown extension");
            }
            return object;
        }
    }
}
