package io.hubwire.protocol.json;

import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A mapper that does whatever Jackson does. */
final class PlainJackson implements PayloadMapper {

    private final JsonMapper mapper = JsonMapper.shared();

    @Override
    public @Nullable Object read(ByteBuffer value, Type type) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        try {
            return mapper.readValue(bytes, mapper.constructType(type));
        } catch (JacksonException unfit) {
            throw new PayloadException("unfit", unfit);
        }
    }

    @Override
    public void write(@Nullable Object value, OutputStream out) {
        mapper.writeValue(out, value);
    }
}
