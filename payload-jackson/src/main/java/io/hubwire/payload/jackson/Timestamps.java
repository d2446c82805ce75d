package io.hubwire.payload.jackson;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/** Dates as moments, which MessagePack has a form of its own for; on the way in also as ISO-8601. */
final class Timestamps {

    private Timestamps() {}

    static <T> void add(
            SimpleModule module, Class<T> type, Function<OffsetDateTime, T> of, Function<T, Instant> moment) {
        module.addDeserializer(type, new Reader<>(type, of));
        module.addSerializer(type, new Writer<>(type, moment));
    }

    static final class Reader<T> extends StdScalarDeserializer<T> {

        private final transient Function<OffsetDateTime, T> of;

        Reader(Class<T> type, Function<OffsetDateTime, T> of) {
            super(type);
            this.of = of;
        }

        @Override
        @SuppressWarnings("unchecked") // what is handled as unexpected is reported, never replaced by another value
        public T deserialize(JsonParser parser, DeserializationContext context) {
            try {
                if (parser.hasToken(JsonToken.VALUE_STRING)) {
                    return of.apply(Moments.parse(parser.getString()));
                }
                if (parser.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)
                        && parser.getEmbeddedObject() instanceof Instant moment) {
                    return of.apply(moment.atOffset(ZoneOffset.UTC));
                }
            } catch (DateTimeException | IllegalArgumentException | ArithmeticException unfit) {
                return context.reportInputMismatch(this, "%s", unfit.getMessage());
            }
            return (T) context.handleUnexpectedToken(context.constructType(handledType()), parser);
        }
    }

    private static final class Writer<T> extends StdScalarSerializer<T> {

        private final transient Function<T, Instant> moment;

        Writer(Class<T> type, Function<T, Instant> moment) {
            super(type);
            this.moment = moment;
        }

        @Override
        public void serialize(T value, JsonGenerator generator, SerializationContext context) {
            generator.writeEmbeddedObject(moment.apply(value));
        }
    }
}
