package io.hubwire.protocol.json;

import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.internal.json.JsonCursor;
import java.lang.reflect.Type;
import java.util.Base64;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value of one Java type: scalars by ourselves and without leniency, everything else with the mapper.
 *
 * <p>Passes the value if it returns; after a {@link PayloadException} the cursor may stand anywhere in it.
 */
@FunctionalInterface
interface ValueReader {

    /** Reads the value that the cursor stands before, which was checked to be JSON. */
    @Nullable Object read(JsonCursor cursor, PayloadMapper mapper);

    /** Reads a value of a type, likewise. */
    static @Nullable Object read(Type type, JsonCursor cursor, PayloadMapper mapper) {
        return type instanceof Class<?> plain
                ? Readers.BY_CLASS.get(plain).read(cursor, mapper)
                : mapped(type, cursor, mapper);
    }

    private static @Nullable Object mapped(Type type, JsonCursor cursor, PayloadMapper mapper) {
        cursor.peek();
        int from = cursor.position();
        cursor.skip();
        return mapper.read(cursor.slice(from, cursor.position()), type);
    }

    /** The readers that exist, found by the class of what they read. */
    final class Readers extends ClassValue<ValueReader> {

        private static final Readers BY_CLASS = new Readers();

        private static final Map<Class<?>, ValueReader> SCALARS = Map.ofEntries(
                Map.entry(String.class, orNull(Readers::string)),
                Map.entry(boolean.class, Readers::bool),
                Map.entry(Boolean.class, orNull(Readers::bool)),
                Map.entry(char.class, Readers::character),
                Map.entry(Character.class, orNull(Readers::character)),
                Map.entry(byte.class, integer(Byte.MIN_VALUE, Byte.MAX_VALUE, value -> (byte) value)),
                Map.entry(Byte.class, orNull(integer(Byte.MIN_VALUE, Byte.MAX_VALUE, value -> (byte) value))),
                Map.entry(short.class, integer(Short.MIN_VALUE, Short.MAX_VALUE, value -> (short) value)),
                Map.entry(Short.class, orNull(integer(Short.MIN_VALUE, Short.MAX_VALUE, value -> (short) value))),
                Map.entry(int.class, integer(Integer.MIN_VALUE, Integer.MAX_VALUE, value -> (int) value)),
                Map.entry(Integer.class, orNull(integer(Integer.MIN_VALUE, Integer.MAX_VALUE, value -> (int) value))),
                Map.entry(long.class, integer(Long.MIN_VALUE, Long.MAX_VALUE, value -> value)),
                Map.entry(Long.class, orNull(integer(Long.MIN_VALUE, Long.MAX_VALUE, value -> value))),
                Map.entry(double.class, Readers::real),
                Map.entry(Double.class, orNull(Readers::real)),
                Map.entry(float.class, Readers::shortReal),
                Map.entry(Float.class, orNull(Readers::shortReal)),
                Map.entry(byte[].class, orNull(Readers::base64)));

        private Readers() {}

        @Override
        protected ValueReader computeValue(Class<?> type) {
            var scalar = SCALARS.get(type);
            return scalar != null ? scalar : (cursor, mapper) -> mapped(type, cursor, mapper);
        }

        private static ValueReader orNull(ValueReader reader) {
            return (cursor, mapper) -> {
                if (cursor.peek() == 'n') {
                    cursor.skip();
                    return null;
                }
                return reader.read(cursor, mapper);
            };
        }

        private static Object string(JsonCursor cursor, PayloadMapper mapper) {
            return string(cursor);
        }

        private static String string(JsonCursor cursor) {
            if (cursor.peek() != '"') {
                throw unexpected("a string", cursor);
            }
            return cursor.string();
        }

        private static Object bool(JsonCursor cursor, PayloadMapper mapper) {
            int next = cursor.peek();
            if (next != 't' && next != 'f') {
                throw unexpected("true or false", cursor);
            }
            cursor.skip();
            return next == 't';
        }

        private static Object character(JsonCursor cursor, PayloadMapper mapper) {
            var text = string(cursor);
            if (text.length() != 1) {
                throw new PayloadException("Expected one character, found " + text.length());
            }
            return text.charAt(0);
        }

        private static ValueReader integer(long smallest, long largest, LongFunction<Object> box) {
            return (cursor, mapper) -> {
                expectNumber(cursor);
                if (!cursor.passInteger() || cursor.integer() < smallest || cursor.integer() > largest) {
                    throw new PayloadException("Expected an integer from " + smallest + " to " + largest);
                }
                return box.apply(cursor.integer());
            };
        }

        private static Object real(JsonCursor cursor, PayloadMapper mapper) {
            expectNumber(cursor);
            double value = Double.parseDouble(cursor.number());
            if (Double.isInfinite(value)) {
                throw new PayloadException("Expected a number that a double can hold");
            }
            return value;
        }

        private static Object shortReal(JsonCursor cursor, PayloadMapper mapper) {
            expectNumber(cursor);
            float value = Float.parseFloat(cursor.number());
            if (Float.isInfinite(value)) {
                throw new PayloadException("Expected a number that a float can hold");
            }
            return value;
        }

        private static Object base64(JsonCursor cursor, PayloadMapper mapper) {
            var text = string(cursor);
            if (text.length() % 4 != 0) {
                throw new PayloadException("Expected base64 with its padding");
            }
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException notBase64) {
                throw new PayloadException("Expected base64", notBase64);
            }
        }

        private static void expectNumber(JsonCursor cursor) {
            int next = cursor.peek();
            if (next != '-' && (next < '0' || next > '9')) {
                throw unexpected("a number", cursor);
            }
        }

        private static PayloadException unexpected(String wanted, JsonCursor cursor) {
            return new PayloadException(
                    "Expected " + wanted + ", found " + cursor.kind().text());
        }
    }
}
