package io.hubwire.payload.jackson;

import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Reads a number that is written as text where the format has no number for it. */
final class TextOrNumber<T> extends StdScalarDeserializer<T> {

    private final transient Function<String, T> parse;
    private final transient Function<JsonParser, T> number;
    private final boolean fraction;

    /** Reads numbers with a fraction only if told so. */
    TextOrNumber(Class<T> type, Function<String, T> parse, Function<JsonParser, T> number, boolean fraction) {
        super(type);
        this.parse = parse;
        this.number = number;
        this.fraction = fraction;
    }

    @Override
    @SuppressWarnings("unchecked") // what is handled as unexpected is reported, never replaced by another value
    public T deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                || (fraction && parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT) && !parser.isNaN())) {
            return number.apply(parser);
        }
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return (T) context.handleUnexpectedToken(context.constructType(handledType()), parser);
        }
        try {
            return parse.apply(parser.getString());
        } catch (NumberFormatException unfit) {
            return (T) context.handleWeirdStringValue(handledType(), parser.getString(), "not a number");
        }
    }
}
