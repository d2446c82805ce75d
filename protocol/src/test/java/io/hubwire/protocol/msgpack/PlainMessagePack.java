package io.hubwire.protocol.msgpack;

import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** A mapper that knows maps, lists and scalars, and no Java type. */
final class PlainMessagePack implements PayloadMapper {

    @Override
    public String dialect() {
        return "messagepack";
    }

    @Override
    public @Nullable Object read(ByteBuffer value, Type type) {
        if (type != Object.class) {
            throw new PayloadException("Knows no " + type);
        }
        try (var unpacker = MessagePack.newDefaultUnpacker(value)) {
            return natural(unpacker.unpackValue());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Returns what a value is in Java. */
    static @Nullable Object natural(Value value) {
        return switch (value.getValueType()) {
            case NIL -> null;
            case BOOLEAN -> value.asBooleanValue().getBoolean();
            case INTEGER -> integer(value);
            case FLOAT -> value.asFloatValue().toDouble();
            case STRING -> value.asStringValue().asString();
            case BINARY -> value.asBinaryValue().asByteArray();
            case ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                value.asArrayValue().forEach(element -> list.add(natural(element)));
                yield list;
            }
            case MAP -> {
                var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
                value.asMapValue().map().forEach((key, member) -> map.put(natural(key), natural(member)));
                yield map;
            }
            case EXTENSION -> value.asExtensionValue();
        };
    }

    private static Object integer(Value value) {
        var integer = value.asIntegerValue();
        if (integer.isInIntRange()) {
            return integer.asInt();
        }
        return integer.isInLongRange() ? integer.asLong() : integer.asBigInteger();
    }

    @Override
    public void write(@Nullable Object value, OutputStream out) throws IOException {
        var packer = MessagePack.newDefaultBufferPacker();
        packer.packValue(value(value));
        out.write(packer.toByteArray());
    }

    /** Returns what is written for an object. */
    static Value value(@Nullable Object object) {
        return switch (object) {
            case null -> ValueFactory.newNil();
            case Boolean bool -> ValueFactory.newBoolean(bool);
            case Double number -> ValueFactory.newFloat(number);
            case Number number -> ValueFactory.newInteger(number.longValue());
            case String text -> ValueFactory.newString(text);
            case byte[] bytes -> ValueFactory.newBinary(bytes);
            case Collection<?> list ->
                ValueFactory.newArray(list.stream().map(PlainMessagePack::value).toArray(Value[]::new));
            case Map<?, ?> map -> {
                var builder = ValueFactory.newMapBuilder();
                map.forEach((key, member) -> builder.put(value(key), value(member)));
                yield builder.build();
            }
            case Value value -> value;
            default -> throw new PayloadException("Knows no " + object.getClass());
        };
    }
}
