package io.hubwire.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values of an application into the bytes of one dialect and back.
 *
 * <p>Strings, numbers and booleans that stand alone as an argument, an item or a result do not get here. Must be safe
 * for any thread.
 */
public interface PayloadMapper {

    /** Returns the name of the dialect whose bytes these are, as {@link HubProtocol#name} has it. Default: JSON. */
    default String dialect() {
        return "json";
    }

    /**
     * Reads one value.
     *
     * @param value the value and nothing else, well formed, in an array that is valid during the call only
     * @param type what it is to become
     * @return the value, which may be null where the type allows it
     * @throws PayloadException if the value does not convert
     */
    @Nullable Object read(ByteBuffer value, Type type);

    /**
     * Writes one value.
     *
     * @param value what to write
     * @param out where to; need not be flushed or closed
     * @throws PayloadException if the dialect cannot express the value; what was written is then dropped
     * @throws IOException if {@code out} throws it
     */
    void write(@Nullable Object value, OutputStream out) throws IOException;
}
