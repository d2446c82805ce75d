package io.hubwire.payload.jackson;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** A generator that refuses what is nested as if it had no end, which a buffer of tokens does not. */
final class Shallow extends JsonGeneratorDelegate {

    Shallow(JsonGenerator generator) {
        super(generator, true);
    }

    @Override
    public JsonGenerator writeStartArray() {
        super.writeStartArray();
        return checked();
    }

    @Override
    public JsonGenerator writeStartArray(Object value) {
        super.writeStartArray(value);
        return checked();
    }

    @Override
    public JsonGenerator writeStartArray(Object value, int size) {
        super.writeStartArray(value, size);
        return checked();
    }

    @Override
    public JsonGenerator writeStartObject() {
        super.writeStartObject();
        return checked();
    }

    @Override
    public JsonGenerator writeStartObject(Object value) {
        super.writeStartObject(value);
        return checked();
    }

    @Override
    public JsonGenerator writeStartObject(Object value, int size) {
        super.writeStartObject(value, size);
        return checked();
    }

    private JsonGenerator checked() {
        StreamWriteConstraints.defaults()
                .validateNestingDepth(streamWriteContext().getNestingDepth());
        return this;
    }
}
