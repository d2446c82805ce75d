package io.hubwire.payload.jackson;

import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/** Writes a value as text of a form of its own. */
final class TextWriter<T> extends StdScalarSerializer<T> {

    private final transient Function<T, String> format;

    TextWriter(Class<T> type, Function<T, String> format) {
        super(type);
        this.format = format;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializationContext context) {
        generator.writeString(format.apply(value));
    }
}
