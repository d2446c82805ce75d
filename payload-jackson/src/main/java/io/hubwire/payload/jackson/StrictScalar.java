package io.hubwire.payload.jackson;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jdk.NumberDeserializers;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Jackson's own reader of a number, except that NaN and infinity may be none and a missing member is zero, unlike null. */
final class StrictScalar<T> extends StdScalarDeserializer<T> {

    private final ValueDeserializer<T> standard;
    private final boolean finite;

    @SuppressWarnings("unchecked") // the reader that is found for a type reads that type
    StrictScalar(Class<T> type, boolean finite) {
        super(type);
        this.finite = finite;
        this.standard = (ValueDeserializer<T>) Objects.requireNonNull(NumberDeserializers.find(type));
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context) {
        boolean text = parser.hasToken(JsonToken.VALUE_STRING);
        var value = standard.deserialize(parser, context);
        if (value instanceof Number number && (text || (finite && !Double.isFinite(number.doubleValue())))) {
            return context.reportInputMismatch(this, "Not a number that a %s can hold", handledType());
        }
        return value;
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
        return standard.getNullValue(context);
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return handledType().isPrimitive() ? standard.getEmptyValue(context) : null;
    }
}
