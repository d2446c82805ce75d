package io.hubwire.payload.jackson;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** A generator that refuses what JSON cannot express, instead of writing text in its place. */
final class FiniteNumbers extends JsonGeneratorDelegate {

    FiniteNumbers(JsonGenerator generator) {
        super(generator, true);
    }

    @Override
    public JsonGenerator writeNumber(double number) {
        if (!Double.isFinite(number)) {
            throw new StreamWriteException(this, "JSON cannot express " + number);
        }
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeNumber(float number) {
        if (!Float.isFinite(number)) {
            throw new StreamWriteException(this, "JSON cannot express " + number);
        }
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeArray(double[] array, int offset, int length) {
        writeStartArray(array, length);
        for (int i = offset; i < offset + length; i++) {
            writeNumber(array[i]);
        }
        return writeEndArray();
    }
}
