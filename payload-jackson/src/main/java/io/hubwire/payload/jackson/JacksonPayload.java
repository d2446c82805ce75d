package io.hubwire.payload.jackson;

import io.hubwire.protocol.PayloadMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the values of an application with Jackson. */
public final class JacksonPayload implements PayloadMapper {

    private final JsonMapper mapper;

    private JacksonPayload(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** How the members of an object are named on the wire; reading ignores the case of their names. */
    public enum MemberNames {

        /** As in Java: {@code unitPrice} stays {@code unitPrice}, {@code UnitPrice} stays {@code UnitPrice}. */
        AS_DECLARED,

        /** With a lower-case letter first: {@code unitPrice}. */
        LOWER_CAMEL,

        /** With an upper-case letter first: {@code UnitPrice}. */
        UPPER_CAMEL
    }

    /** Follows SignalR's conventions. */
    public static JacksonPayload create() {
        return create(MemberNames.LOWER_CAMEL);
    }

    /** Follows SignalR's conventions, but for the names of members. */
    public static JacksonPayload create(MemberNames names) {
        java.util.Objects.requireNonNull(names);
        return new JacksonPayload(JsonMapper.builder().build());
    }

    /** Uses an application's own mapper, as it is. */
    public static JacksonPayload of(JsonMapper mapper) {
        return new JacksonPayload(mapper);
    }

    @Override
    public @Nullable Object read(ByteBuffer value, Type type) {
        throw new UnsupportedOperationException(mapper.toString());
    }

    @Override
    public void write(@Nullable Object value, OutputStream out) throws IOException {
        throw new UnsupportedOperationException(mapper.toString());
    }
}
