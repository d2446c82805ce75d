package io.hubwire.payload.jackson;

import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the values of an application with Jackson. Safe for any thread. */
public final class JacksonPayload implements PayloadMapper {

    private final JsonMapper mapper;
    private final ObjectWriter writer;
    private final UnaryOperator<JsonGenerator> guard;

    /** As many as there are types of parameters, results and stream elements. */
    private final ConcurrentMap<Type, ObjectReader> readers = new ConcurrentHashMap<>();

    /** Follows SignalR's conventions: what a server finds on the class path by itself. The same as {@link #create()}. */
    public JacksonPayload() {
        this(Conventions.mapper(MemberNames.LOWER_CAMEL), FiniteNumbers::new);
    }

    private JacksonPayload(JsonMapper mapper, UnaryOperator<JsonGenerator> guard) {
        this.mapper = mapper;
        this.writer = mapper.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET);
        this.guard = guard;
    }

    /** How the members of an object are named on the wire; reading ignores the case of their names. */
    public enum MemberNames {

        /** As in Java: {@code unitPrice} stays {@code unitPrice}, {@code UnitPrice} stays {@code UnitPrice}. */
        AS_DECLARED,

        /** Begun with lower case, as the reference does: {@code unitPrice}, and {@code id} for {@code ID}. */
        LOWER_CAMEL,

        /** Begun with upper case: {@code UnitPrice}. */
        UPPER_CAMEL
    }

    /** Follows SignalR's conventions; the same as {@code create(MemberNames.LOWER_CAMEL)}. */
    public static JacksonPayload create() {
        return create(MemberNames.LOWER_CAMEL);
    }

    /**
     * Follows SignalR's conventions, but for the names of members.
     *
     * <p>Unknown members are skipped, missing ones get the default of their type, nulls are written. Numbers, text and
     * booleans do not stand for each other, nor does null for a primitive. Enums are numbers, bytes are base64, dates
     * are ISO-8601, a {@link java.time.Duration} is written as {@code d.hh:mm:ss.fffffff}, a {@link java.util.UUID} in
     * its usual form.
     */
    public static JacksonPayload create(MemberNames names) {
        return new JacksonPayload(Conventions.mapper(names), FiniteNumbers::new);
    }

    /** Uses an application's own mapper, as it is. */
    public static JacksonPayload of(JsonMapper mapper) {
        return new JacksonPayload(mapper, UnaryOperator.identity());
    }

    @Override
    public @Nullable Object read(ByteBuffer value, Type type) {
        try {
            return value.hasArray()
                    ? reader(type).readValue(value.array(), value.arrayOffset() + value.position(), value.remaining())
                    : reader(type).readValue(copy(value));
        } catch (JacksonException unfit) {
            throw new PayloadException(unfit.getOriginalMessage(), unfit);
        } catch (NumberFormatException beyondAllLimits) {
            throw new PayloadException("Expected a number that can be held", beyondAllLimits);
        }
    }

    private ObjectReader reader(Type type) {
        var known = readers.get(type);
        return known != null
                ? known
                : readers.computeIfAbsent(type, wanted -> mapper.readerFor(mapper.constructType(wanted)));
    }

    private static byte[] copy(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        return bytes;
    }

    @Override
    public void write(@Nullable Object value, OutputStream out) throws IOException {
        try (var generator = guard.apply(writer.createGenerator(out))) {
            writer.writeValue(generator, value);
        } catch (JacksonException inexpressible) {
            throw new PayloadException(inexpressible.getOriginalMessage(), inexpressible);
        }
    }
}
