package io.hubwire.payload.jackson;

import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor.Malformed;
import io.hubwire.protocol.internal.msgpack.MessagePackWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/** Reads and writes the values of an application as MessagePack, with Jackson. Safe for any thread. */
public final class JacksonMessagePack implements PayloadMapper {

    private static final int SOME_OBJECT = 128;

    private final JsonMapper mapper;
    private final ObjectWriter writer;

    /** As many as there are types of parameters, results and stream elements. */
    private final ConcurrentMap<Type, ObjectReader> readers = new ConcurrentHashMap<>();

    /** Follows SignalR's conventions: what a server finds on the class path by itself. The same as {@link #create()}. */
    public JacksonMessagePack() {
        this(MemberNames.LOWER_CAMEL);
    }

    private JacksonMessagePack(MemberNames names) {
        this.mapper = Conventions.messagePack(names);
        this.writer = mapper.writer();
    }

    /** Follows SignalR's conventions; the same as {@code create(MemberNames.LOWER_CAMEL)}. */
    public static JacksonMessagePack create() {
        return create(MemberNames.LOWER_CAMEL);
    }

    /**
     * Follows SignalR's conventions, but for the names of members.
     *
     * <p>Objects are maps; unknown members are skipped, missing ones get the default of their type, nulls are written.
     * Numbers, text and booleans do not stand for each other, nor does nil for a primitive. Enums are written as the
     * names of their constants, or what {@link com.fasterxml.jackson.annotation.JsonProperty} calls them, and read from
     * their numbers too. Bytes are binary. What is a moment, or a date with a time, is written as a timestamp, in UTC,
     * and read from ISO-8601 too; a {@link java.time.Duration} is written as {@code d.hh:mm:ss.fffffff}, a
     * {@link java.util.UUID} in its usual form, a {@link java.math.BigDecimal} as text.
     */
    public static JacksonMessagePack create(MemberNames names) {
        return new JacksonMessagePack(names);
    }

    @Override
    public String dialect() {
        return "messagepack";
    }

    @Override
    public @Nullable Object read(ByteBuffer value, Type type) {
        try (var parser = Unpacking.parser(MessagePackCursor.over(value))) {
            return reader(type).readValue(parser);
        } catch (JacksonException unfit) {
            throw new PayloadException(unfit.getOriginalMessage(), unfit);
        } catch (Malformed broken) {
            throw new PayloadException("Expected MessagePack", broken);
        }
    }

    private ObjectReader reader(Type type) {
        var known = readers.get(type);
        return known != null
                ? known
                : readers.computeIfAbsent(type, wanted -> mapper.readerFor(mapper.constructType(wanted)));
    }

    @Override
    public void write(@Nullable Object value, OutputStream out) throws IOException {
        try (var tokens = new TokenBuffer(mapper._serializationContext(), false)) {
            writer.writeValue(new Shallow(tokens), value);
            pack(tokens, out);
        } catch (JacksonException inexpressible) {
            throw new PayloadException(inexpressible.getOriginalMessage(), inexpressible);
        }
    }

    private static void pack(TokenBuffer tokens, OutputStream out) throws IOException {
        if (out instanceof MessagePackWriter message) {
            Packing.pack(tokens, message);
            return;
        }
        var alone = new MessagePackWriter(SOME_OBJECT);
        Packing.pack(tokens, alone);
        var packed = alone.buffer();
        out.write(packed.array(), packed.arrayOffset() + packed.position(), packed.remaining());
    }
}
