package io.hubwire.payload.jackson;

import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** What SignalR expects of JSON beyond the standard, said to Jackson. */
final class Conventions {

    /** As many buffers as may be in use at once are kept; they are not tied to threads, of which there are too many. */
    private static final int BUFFERS = 64;

    private static final Pattern UUID_FORM = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private Conventions() {}

    static JsonMapper mapper(MemberNames names) {
        return JsonMapper.builder(factory())
                .propertyNamingStrategy(new Naming(names))
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .enable(EnumFeature.WRITE_ENUMS_USING_INDEX)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .addModule(scalars())
                .build();
    }

    /** Lets through whatever our own reader, which checked size and depth before, lets through. */
    private static JsonFactory factory() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newBoundedPool(BUFFERS))
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    private static SimpleModule scalars() {
        var module = new SimpleModule("signalr") {

            @Override
            public void setupModule(SetupContext context) {
                super.setupModule(context);
                context.addDeserializers(new NumberedEnums());
            }
        };
        numbers(module);
        moments(module);
        text(module, Duration.class, TimeSpans::parse, TimeSpans::format);
        module.addDeserializer(UUID.class, new TextReader<>(UUID.class, Conventions::uuid));
        return module;
    }

    private static void numbers(SimpleModule module) {
        for (var type : List.of(boolean.class, char.class, byte.class, short.class, int.class, long.class)) {
            number(module, type);
        }
        for (var type : List.of(float.class, Float.class, double.class, Double.class)) {
            number(module, type);
        }
    }

    private static <T> void number(SimpleModule module, Class<T> type) {
        module.addDeserializer(type, new StrictScalar<>(type));
    }

    private static void moments(SimpleModule module) {
        text(module, Instant.class, text -> Moments.parse(text).toInstant(), Moments::format);
        text(module, OffsetDateTime.class, Moments::parse, Moments::format);
        text(module, ZonedDateTime.class, text -> Moments.parse(text).toZonedDateTime(), Moments::format);
        text(module, LocalDateTime.class, text -> Moments.parse(text).toLocalDateTime(), Moments::format);
        text(module, LocalTime.class, LocalTime::parse, Moments::format);
    }

    private static <T> void text(
            SimpleModule module, Class<T> type, Function<String, T> parse, Function<T, String> format) {
        module.addDeserializer(type, new TextReader<>(type, parse));
        module.addSerializer(type, new TextWriter<>(type, format));
    }

    /** Accepts the 36 characters that are written, and not what else Java would make a UUID of. */
    private static UUID uuid(String text) {
        if (!UUID_FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("Not a UUID: " + text);
        }
        return UUID.fromString(text);
    }
}
