package io.hubwire.payload.jackson;

import java.time.DateTimeException;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Reads a value that is written as text of a form of its own. */
final class TextReader<T> extends StdScalarDeserializer<T> {

    private final transient Function<String, T> parse;

    TextReader(Class<T> type, Function<String, T> parse) {
        super(type);
        this.parse = parse;
    }

    @Override
    @SuppressWarnings("unchecked") // what is handled as a wrong text is reported, never replaced by another value
    public T deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return (T) context.handleUnexpectedToken(context.constructType(handledType()), parser);
        }
        var text = parser.getString();
        try {
            return parse.apply(text);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException unfit) {
            return (T) context.handleWeirdStringValue(handledType(), text, "%s", unfit.getMessage());
        }
    }
}
