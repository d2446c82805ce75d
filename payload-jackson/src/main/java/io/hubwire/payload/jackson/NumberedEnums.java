package io.hubwire.payload.jackson;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Reads an enum by the number of its constant, not by its name. */
final class NumberedEnums extends Deserializers.Base {

    @Override
    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
        return type.isEnum();
    }

    @Override
    public @Nullable ValueDeserializer<?> findEnumDeserializer(
            JavaType type, DeserializationConfig config, BeanDescription.Supplier description) {
        return new ByNumber(type.getRawClass());
    }

    private static final class ByNumber extends StdScalarDeserializer<Object> {

        private final Object[] constants;

        ByNumber(Class<?> type) {
            super(type);
            this.constants = type.getEnumConstants();
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                return context.handleUnexpectedToken(context.constructType(handledType()), parser);
            }
            int number = parser.getIntValue();
            if (number < 0 || number >= constants.length) {
                return context.reportInputMismatch(this, "No constant %d", number);
            }
            return constants[number];
        }
    }
}
