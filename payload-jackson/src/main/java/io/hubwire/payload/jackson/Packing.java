package io.hubwire.payload.jackson;

import io.hubwire.protocol.internal.msgpack.MessagePackWriter;
import java.math.BigInteger;
import java.time.Instant;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.util.TokenBuffer;

/** What Jackson has written, as MessagePack: only once everything is there does it show how long arrays and maps are. */
final class Packing {

    private final JsonParser tokens;
    private final MessagePackWriter pack;

    private Packing(JsonParser tokens, MessagePackWriter pack) {
        this.tokens = tokens;
        this.pack = pack;
    }

    static void pack(TokenBuffer written, MessagePackWriter pack) {
        try (var tokens = written.asParser()) {
            new Packing(tokens, pack).value(tokens.nextToken());
        }
    }

    private void value(JsonToken token) {
        switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> pack.string(tokens.getString());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> pack.bool(true);
            case VALUE_FALSE -> pack.bool(false);
            case VALUE_NULL -> pack.nothing();
            case VALUE_EMBEDDED_OBJECT -> embedded(tokens.getEmbeddedObject());
            case END_ARRAY, END_OBJECT, PROPERTY_NAME, NOT_AVAILABLE -> throw new IllegalStateException("" + token);
        }
    }

    private void object() {
        int opened = pack.open();
        int count = 0;
        for (var name = tokens.nextName(); name != null; name = tokens.nextName()) {
            pack.string(name);
            value(tokens.nextToken());
            count++;
        }
        pack.closeMap(opened, count);
    }

    private void array() {
        int opened = pack.open();
        int count = 0;
        for (var next = tokens.nextToken(); next != JsonToken.END_ARRAY; next = tokens.nextToken()) {
            value(next);
            count++;
        }
        pack.closeArray(opened, count);
    }

    private void integer() {
        if (tokens.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            integer(tokens.getBigIntegerValue());
        } else {
            pack.integer(tokens.getLongValue());
        }
    }

    private void integer(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            pack.integer(value.longValue());
        } else if (value.bitLength() == Long.SIZE && value.signum() > 0) {
            pack.unsigned(value.longValue());
        } else {
            pack.string(value.toString());
        }
    }

    private void number() {
        switch (tokens.getNumberType()) {
            case FLOAT -> pack.number(tokens.getFloatValue());
            case BIG_DECIMAL -> pack.string(Decimals.format(tokens.getDecimalValue()));
            default -> pack.number(tokens.getDoubleValue());
        }
    }

    private void embedded(Object value) {
        switch (value) {
            case byte[] bytes -> pack.binary(bytes, 0, bytes.length);
            case Instant moment -> pack.timestamp(moment);
            default -> throw new StreamReadException(tokens, "MessagePack cannot express " + value.getClass());
        }
    }
}
