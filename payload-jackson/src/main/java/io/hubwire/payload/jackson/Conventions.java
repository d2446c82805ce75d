package io.hubwire.payload.jackson;

import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** What SignalR expects of values in JSON and in MessagePack, said to Jackson. */
final class Conventions {

    /** As many buffers as may be in use at once are kept; they are not tied to threads, of which there are too many. */
    private static final int BUFFERS = 64;

    private static final Pattern UUID_FORM = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private Conventions() {}

    static JsonMapper mapper(MemberNames names) {
        var module = scalars(true);
        moments(module);
        return common(names)
                .enable(EnumFeature.WRITE_ENUMS_USING_INDEX)
                .addModule(module)
                .build();
    }

    /** The mapper of what stands in MessagePack; it makes tokens of it and never bytes. */
    static JsonMapper messagePack(MemberNames names) {
        var module = scalars(false);
        timestamps(module);
        decimals(module);
        var builder = common(names);
        return builder.annotationIntrospector(
                        AnnotationIntrospector.pair(builder.annotationIntrospector(), new UnknownMembers()))
                .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .addModule(module)
                .build();
    }

    private static JsonMapper.Builder common(MemberNames names) {
        return JsonMapper.builder(factory())
                .propertyNamingStrategy(new Naming(names))
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
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

    private static SimpleModule scalars(boolean json) {
        var module = new SimpleModule("signalr") {

            @Override
            public void setupModule(SetupContext context) {
                super.setupModule(context);
                if (json) {
                    context.addDeserializers(new NumberedEnums());
                }
            }
        };
        numbers(module, json);
        text(module, LocalTime.class, LocalTime::parse, Moments::format);
        text(module, Duration.class, TimeSpans::parse, TimeSpans::format);
        module.addDeserializer(UUID.class, new TextReader<>(UUID.class, Conventions::uuid));
        return module;
    }

    private static void numbers(SimpleModule module, boolean finite) {
        for (var type : List.of(boolean.class, char.class, byte.class, short.class, int.class, long.class)) {
            number(module, type, finite);
        }
        for (var type : List.of(float.class, Float.class, double.class, Double.class)) {
            number(module, type, finite);
        }
    }

    private static <T> void number(SimpleModule module, Class<T> type, boolean finite) {
        module.addDeserializer(type, new StrictScalar<>(type, finite));
    }

    private static void moments(SimpleModule module) {
        text(module, Instant.class, text -> Moments.parse(text).toInstant(), Moments::format);
        text(module, OffsetDateTime.class, Moments::parse, Moments::format);
        text(module, ZonedDateTime.class, text -> Moments.parse(text).toZonedDateTime(), Moments::format);
        text(module, LocalDateTime.class, text -> Moments.parse(text).toLocalDateTime(), Moments::format);
    }

    private static void timestamps(SimpleModule module) {
        Timestamps.add(module, Instant.class, OffsetDateTime::toInstant, moment -> moment);
        Timestamps.add(module, OffsetDateTime.class, moment -> moment, OffsetDateTime::toInstant);
        Timestamps.add(module, ZonedDateTime.class, OffsetDateTime::toZonedDateTime, ZonedDateTime::toInstant);
        Timestamps.add(
                module, LocalDateTime.class, OffsetDateTime::toLocalDateTime, local -> local.toInstant(ZoneOffset.UTC));
        Timestamps.add(module, Date.class, moment -> Date.from(moment.toInstant()), Date::toInstant);
        module.addDeserializer(LocalDate.class, new Timestamps.Reader<>(LocalDate.class, OffsetDateTime::toLocalDate));
    }

    private static void decimals(SimpleModule module) {
        module.addSerializer(BigDecimal.class, new TextWriter<>(BigDecimal.class, Decimals::format));
        module.addDeserializer(
                BigDecimal.class,
                new TextOrNumber<>(BigDecimal.class, BigDecimal::new, JsonParser::getDecimalValue, true));
        module.addDeserializer(
                BigInteger.class,
                new TextOrNumber<>(BigInteger.class, BigInteger::new, JsonParser::getBigIntegerValue, false));
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
