package io.hubwire.protocol.msgpack;

import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor.Kind;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value of one Java type: scalars by ourselves, everything else with the mapper.
 *
 * <p>Passes the value if it returns; after a {@link PayloadException} the cursor may stand anywhere in it.
 */
@FunctionalInterface
interface ValueReader {

    /** Reads the value that the cursor stands before, in {@code depth} arrays and maps. */
    @Nullable Object read(MessagePackCursor cursor, PayloadMapper mapper, int depth);

    /** Reads a value of a type, likewise. */
    static @Nullable Object read(Type type, MessagePackCursor cursor, PayloadMapper mapper, int depth) {
        return type instanceof Class<?> plain
                ? Readers.BY_CLASS.get(plain).read(cursor, mapper, depth)
                : mapped(type, cursor, mapper, depth);
    }

    private static @Nullable Object mapped(Type type, MessagePackCursor cursor, PayloadMapper mapper, int depth) {
        int from = cursor.position();
        cursor.skip(depth);
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
                Map.entry(byte[].class, orNull(Readers::binary)));

        private Readers() {}

        @Override
        protected ValueReader computeValue(Class<?> type) {
            var scalar = SCALARS.get(type);
            return scalar != null ? scalar : (cursor, mapper, depth) -> mapped(type, cursor, mapper, depth);
        }

        private static ValueReader orNull(ValueReader reader) {
            return (cursor, mapper, depth) -> cursor.passNil() ? null : reader.read(cursor, mapper, depth);
        }

        private static Object string(MessagePackCursor cursor, PayloadMapper mapper, int depth) {
            expect(Kind.STRING, cursor);
            return cursor.string();
        }

        private static Object bool(MessagePackCursor cursor, PayloadMapper mapper, int depth) {
            expect(Kind.BOOLEAN, cursor);
            return cursor.bool();
        }

        /** A character is text here, and a number where .NET writes it. */
        private static Object character(MessagePackCursor cursor, PayloadMapper mapper, int depth) {
            if (cursor.kind() == Kind.INTEGER) {
                return (char) integer(cursor, Character.MIN_VALUE, Character.MAX_VALUE);
            }
            expect(Kind.STRING, cursor);
            var text = cursor.string();
            if (text.length() != 1) {
                throw new PayloadException("Expected one character, found " + text.length());
            }
            return text.charAt(0);
        }

        private static ValueReader integer(long smallest, long largest, LongFunction<Object> box) {
            return (cursor, mapper, depth) -> box.apply(integer(cursor, smallest, largest));
        }

        private static long integer(MessagePackCursor cursor, long smallest, long largest) {
            expect(Kind.INTEGER, cursor);
            long value = cursor.integer();
            if (cursor.isHuge() || value < smallest || value > largest) {
                throw new PayloadException("Expected an integer from " + smallest + " to " + largest);
            }
            return value;
        }

        private static Object real(MessagePackCursor cursor, PayloadMapper mapper, int depth) {
            expectNumber(cursor);
            return cursor.number();
        }

        private static Object shortReal(MessagePackCursor cursor, PayloadMapper mapper, int depth) {
            expectNumber(cursor);
            double wide = cursor.number();
            float value = (float) wide;
            if (Float.isInfinite(value) && !Double.isInfinite(wide)) {
                throw new PayloadException("Expected a number that a float can hold");
            }
            return value;
        }

        /** Bytes, also as writers of the time before there was a form for them wrote them. */
        private static Object binary(MessagePackCursor cursor, PayloadMapper mapper, int depth) {
            var kind = cursor.kind();
            if (kind != Kind.BINARY && kind != Kind.STRING) {
                throw unexpected("binary", kind);
            }
            return cursor.binary();
        }

        private static void expectNumber(MessagePackCursor cursor) {
            var kind = cursor.kind();
            if (kind != Kind.INTEGER && kind != Kind.FLOAT) {
                throw unexpected("a number", kind);
            }
        }

        private static void expect(Kind wanted, MessagePackCursor cursor) {
            var kind = cursor.kind();
            if (kind != wanted) {
                throw unexpected(wanted.text(), kind);
            }
        }

        private static PayloadException unexpected(String wanted, Kind found) {
            return new PayloadException("Expected " + wanted + ", found " + found.text());
        }
    }
}
