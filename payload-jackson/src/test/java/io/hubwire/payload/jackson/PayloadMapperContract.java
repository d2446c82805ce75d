package io.hubwire.payload.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** What every mapper does with the values of an application, whatever its bytes: they are given and shown as JSON. */
abstract class PayloadMapperContract {

    private static final Instant MOMENT = Instant.parse("2024-05-01T10:00:00Z");

    PayloadMapper payload;

    @BeforeEach
    void makeTheMapper() {
        payload = mapper();
    }

    abstract PayloadMapper mapper();

    abstract PayloadMapper mapper(MemberNames names);

    /** Makes of JSON what says the same in this dialect. */
    abstract ByteBuffer bytes(String json);

    /** Shows as JSON what was written. */
    abstract String shown(ByteBuffer written);

    /** Nests arrays, and deeper than {@link #bytes} can. */
    abstract ByteBuffer nested(int depth);

    /** How {@link Color#BLUE} is shown. */
    abstract String shownBlue();

    @Nested
    class Members {

        @Test
        void areWrittenInTheirOrderWithNulls() {
            var item = new Item("bolt", 3, 1.5, true, Color.BLUE, MOMENT, null, null);

            assertThat(json(item))
                    .isEqualTo("{\"name\":\"bolt\",\"quantity\":3,\"price\":1.5,\"inStock\":true,\"color\":"
                            + shownBlue() + ",\"made\":\"2024-05-01T10:00:00Z\",\"tags\":null,\"part\":null}");
        }

        @Test
        void areReadWhateverTheirCase() {
            assertThat(read("{\"NAME\":\"x\",\"Quantity\":1,\"inSTOCK\":true}", Item.class))
                    .isEqualTo(new Item("x", 1, 0, true, null, null, null, null));
        }

        @Test
        void areSkippedIfUnknown() {
            assertThat(read("{\"nope\":[1,{\"a\":2}],\"name\":\"x\"}", Item.class))
                    .isEqualTo(new Item("x", 0, 0, false, null, null, null, null));
        }

        @Test
        void areDefaultsIfMissingInARecord() {
            assertThat(read("{}", Primitives.class))
                    .isEqualTo(new Primitives(false, '\0', (byte) 0, (short) 0, 0, 0, 0, 0));
        }

        @Test
        void areDefaultsIfMissingInAClass() {
            assertThat(read("{}", Plain.class)).hasToString("0 null");
            assertThat(read("{\"count\":1,\"text\":\"x\"}", Plain.class)).hasToString("1 x");
        }

        @Test
        void takeTheLastOfDuplicates() {
            assertThat(read("{\"quantity\":1,\"quantity\":2,\"name\":\"a\",\"Name\":\"b\"}", Item.class))
                    .isEqualTo(new Item("b", 2, 0, false, null, null, null, null));
        }

        @ParameterizedTest
        @ValueSource(strings = {"true1", "character", "small", "half", "whole", "large", "real", "single"})
        void areNotNullIfPrimitive(String name) {
            assertThatThrownBy(() -> read("{\"" + name + "\":null}", Primitives.class))
                    .isInstanceOf(PayloadException.class);
        }

        @Test
        void nestSixtyDeep() {
            var deep = "{\"part\":".repeat(60) + "null" + "}".repeat(60);

            assertThat(read(deep, Item.class)).isInstanceOf(Item.class);
        }

        @Test
        void doNotNestForEver() {
            assertThatThrownBy(() -> payload.read(nested(10_000), Object.class)).isInstanceOf(PayloadException.class);
        }

        @Test
        void mayBeMany() {
            for (int size : new int[] {15, 16, 65_535, 65_536}) {
                var map = new LinkedHashMap<String, Integer>();
                var list = new ArrayList<Integer>();
                for (int i = 0; i < size; i++) {
                    map.put("k" + i, i);
                    list.add(i);
                }

                assertThat(again(List.of(map, list, "end"), Object.class)).isEqualTo(List.of(map, list, "end"));
            }
        }
    }

    @Nested
    class Names {

        @Test
        void beginWithLowerCase() {
            assertThat(json(new Spelled(1, 2, 3, 4))).isEqualTo("{\"unitPrice\":1,\"upper\":2,\"id\":3,\"urlText\":4}");
        }

        @Test
        void beginWithUpperCaseIfAsked() {
            assertThat(json(mapper(MemberNames.UPPER_CAMEL), new Spelled(1, 2, 3, 4)))
                    .isEqualTo("{\"UnitPrice\":1,\"Upper\":2,\"ID\":3,\"URLText\":4}");
        }

        @Test
        void stayAsDeclaredIfAsked() {
            assertThat(json(mapper(MemberNames.AS_DECLARED), new Spelled(1, 2, 3, 4)))
                    .isEqualTo("{\"unitPrice\":1,\"Upper\":2,\"ID\":3,\"URLText\":4}");
        }

        @Test
        void ofMapsAreNeverChanged() {
            var map = new LinkedHashMap<String, Integer>();
            map.put("a", 1);
            map.put("B", 2);

            assertThat(json(map)).isEqualTo("{\"a\":1,\"B\":2}");
            assertThat(read("{\"a\":1,\"B\":2}", new TypeReference<Map<String, Integer>>() {}.getType()))
                    .isEqualTo(map);
        }
    }

    @Nested
    class Scalars {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "quantity|\"5\"",
                    "quantity|1.0",
                    "quantity|1e1",
                    "quantity|1.5",
                    "quantity|3000000000",
                    "quantity|true",
                    "quantity|\"\"",
                    "quantity|[1]",
                    "name|5",
                    "name|1.5",
                    "name|true",
                    "name|[\"x\"]",
                    "price|\"1\"",
                    "price|\"NaN\"",
                    "price|\"Infinity\"",
                    "price|true",
                    "inStock|1",
                    "inStock|0",
                    "inStock|\"true\"",
                    "color|\"PURPLE\"",
                    "color|\"1\"",
                    "color|3",
                    "color|-1",
                    "color|1.0",
                    "color|true",
                    "color|[]",
                    "color|99999999999",
                    "made|5",
                    "made|\"yesterday\"",
                    "made|\"2024-02-30\"",
                    "tags|\"x\"",
                    "tags|[5]",
                    "tags|[true]",
                    "part|\"x\"",
                    "part|5",
                    "part|[]",
                })
        void doNotStandForEachOther(String name, String value) {
            assertThatThrownBy(() -> read("{\"" + name + "\":" + value + "}", Item.class))
                    .isInstanceOf(PayloadException.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"quantity", "price", "inStock"})
        void areNotNull(String name) {
            assertThatThrownBy(() -> read("{\"" + name + "\":null}", Item.class))
                    .isInstanceOf(PayloadException.class);
        }

        @Test
        void mayBeNullIfBoxed() {
            assertThat(read("[null,1]", Integer[].class)).isEqualTo(new @Nullable Integer[] {null, 1});
            assertThat(read("[null,1]", Double[].class)).isEqualTo(new @Nullable Double[] {null, 1.0});
        }

        @Test
        void keepAllDigits() {
            assertThat(read("9007199254740993", BigInteger.class)).isEqualTo(new BigInteger("9007199254740993"));
        }
    }

    @Nested
    class Enums {

        @Test
        void areReadFromTheirNumbers() {
            assertThat(read("1", Color.class)).isEqualTo(Color.GREEN);
        }

        @Test
        void areNamesAsKeys() {
            assertThat(json(Map.of(Color.RED, 1))).isEqualTo("{\"RED\":1}");
        }
    }

    @Nested
    class Bytes {

        @Test
        void comeBackAsTheyWere() {
            var mine = new Picture();
            mine.bytes = new byte[] {1, 2, 3};

            assertThat(again(mine, Picture.class))
                    .isInstanceOfSatisfying(
                            Picture.class, picture -> assertThat(picture.bytes).isEqualTo(new byte[] {1, 2, 3}));
        }
    }

    @Nested
    class Uuids {

        private final UUID uuid = UUID.fromString("0a0b0c03-0405-0607-0706-050403020100");

        @Test
        void haveOneForm() {
            assertThat(json(List.of(uuid))).isEqualTo("[\"0a0b0c03-0405-0607-0706-050403020100\"]");
            assertThat(read("\"0A0B0C03-0405-0607-0706-050403020100\"", UUID.class))
                    .isEqualTo(uuid);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "0a0b0c03040506070706050403020100",
                    "{0a0b0c03-0405-0607-0706-050403020100}",
                    "a-b-c-d-e",
                    "AAECAwQFBgcHBgUEAwIBAA==",
                    "",
                })
        void haveNoOther(String text) {
            assertThatThrownBy(() -> read("\"" + text + "\"", UUID.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class Dates {

        @ParameterizedTest
        @CsvSource({
            "2024-05-01T10:00:00Z, 2024-05-01T10:00:00Z",
            "2024-05-01T10:00:00.500Z, 2024-05-01T10:00:00.5Z",
            "2024-05-01T10:00:00.120000, 2024-05-01T10:00:00.12Z",
            "2024-05-01T12:00:00+02:00, 2024-05-01T10:00:00Z",
            "2024-05-01T10:00, 2024-05-01T10:00:00Z",
            "2024-05-01, 2024-05-01T00:00:00Z",
        })
        void comeInManyForms(String given, Instant moment) {
            assertThat(read("\"" + given + "\"", Instant.class)).isEqualTo(moment);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"1714557600", "\"01.05.2024\"", "\"2024-05-01 10:00\"", "\"2024-05-01T25:00\"", "\"\"", "{}"
                })
        void comeInNoOtherForm(String value) {
            assertThatThrownBy(() -> read(value, Instant.class)).isInstanceOf(PayloadException.class);
        }

        @Test
        void mayBeDaysOrTimesAlone() {
            assertThat(json(LocalDate.of(2024, 5, 1))).isEqualTo("\"2024-05-01\"");
            assertThat(read("\"2024-05-01\"", LocalDate.class)).isEqualTo(LocalDate.of(2024, 5, 1));
            assertThat(json(LocalTime.of(10, 0))).isEqualTo("\"10:00:00\"");
            assertThat(read("\"10:00:00.5\"", LocalTime.class)).isEqualTo(LocalTime.of(10, 0, 0, 500_000_000));
        }
    }

    @Nested
    class Durations {

        @ParameterizedTest
        @CsvSource({
            "PT0S, 00:00:00",
            "PT1M30S, 00:01:30",
            "PT1H2M3S, 01:02:03",
            "P1DT0.5S, 1.00:00:00.5000000",
            "P10000DT1H, 10000.01:00:00",
            "-PT1M30.0000001S, -00:01:30.0000001",
        })
        void areTimeSpans(Duration duration, String text) {
            assertThat(json(duration)).isEqualTo("\"" + text + "\"");
            assertThat(read("\"" + text + "\"", Duration.class)).isEqualTo(duration);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"\"PT1S\"", "\"1\"", "\"24:00:00\"", "\"00:60:00\"", "\"00:00:00.12345678\"", "5", "\"\""})
        void haveNoOtherForm(String value) {
            assertThatThrownBy(() -> read(value, Duration.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class AnyValue {

        @ParameterizedTest
        @ValueSource(strings = {"{\"a\":[1,\"x\",null,true,{\"B\":1.5}]}", "\"text\"", "1", "null", "[]", "{}"})
        void comesBackAsItIs(String json) {
            assertThat(json(read(json, Object.class))).isEqualTo(json);
            assertThat(json(read(json, JsonNode.class))).isEqualTo(json);
        }
    }

    @Test
    void readsFromAPieceOfAnArrayAndFromNone() {
        var whole = bytes("[1,2]");
        int length = whole.remaining();
        byte[] room = new byte[length + 4];
        Arrays.fill(room, (byte) 'x');
        whole.get(room, 2, length);
        var piece = ByteBuffer.wrap(room, 2, length);
        var direct = ByteBuffer.allocateDirect(length).put(piece.duplicate()).flip();

        assertThat(payload.read(piece, int[].class)).isEqualTo(new int[] {1, 2});
        assertThat(payload.read(piece.slice(), int[].class)).isEqualTo(new int[] {1, 2});
        assertThat(payload.read(direct, int[].class)).isEqualTo(new int[] {1, 2});
    }

    @Test
    void leavesTheStreamOpen() throws IOException {
        var closed = new boolean[1];
        var out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        payload.write(List.of(1), out);

        assertThat(closed[0]).isFalse();
        assertThat(shown(ByteBuffer.wrap(out.toByteArray()))).isEqualTo("[1]");
    }

    @Test
    void failsOnNothingButWhatDoesNotFit() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        var types = List.of(Item.class, Object.class, JsonNode.class, Primitives.class, int[].class, Picture.class);
        var whole = written(new Item("bolt", 3, 1.5, true, Color.BLUE, MOMENT, List.of("a"), null));
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[whole.remaining()];
            whole.duplicate().get(bytes);
            for (int left = random.nextInt(6); left >= 0; left--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                payload.read(ByteBuffer.wrap(bytes), types.get(random.nextInt(types.size())));
            } catch (PayloadException unfit) {
                assertThat(unfit).hasCauseInstanceOf(RuntimeException.class);
            } catch (RuntimeException | StackOverflowError failure) {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), failure);
            }
        }
    }

    @Test
    void failsOnWhatNeverEnds() {
        var self = new Object[1];
        self[0] = self;

        assertThatThrownBy(() -> written(self)).isInstanceOf(PayloadException.class);
    }

    @Test
    void failsIfAGetterDoes() {
        assertThatThrownBy(() -> written(new Failing())).isInstanceOf(PayloadException.class);
    }

    @Test
    void writesWhatHasNoMembers() {
        assertThat(json(new Object())).isEqualTo("{}");
    }

    @Nullable Object read(String json, Type type) {
        return payload.read(bytes(json), type);
    }

    String json(@Nullable Object value) {
        return json(payload, value);
    }

    String json(PayloadMapper mapper, @Nullable Object value) {
        return shown(written(mapper, value));
    }

    @Nullable Object again(Object value, Type type) {
        return payload.read(written(value), type);
    }

    ByteBuffer written(@Nullable Object value) {
        return written(payload, value);
    }

    private static ByteBuffer written(PayloadMapper mapper, @Nullable Object value) {
        var out = new ByteArrayOutputStream();
        try {
            mapper.write(value, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    enum Color {
        RED,
        GREEN,
        BLUE
    }

    record Item(
            @Nullable String name,
            int quantity,
            double price,
            boolean inStock,
            @Nullable Color color,
            @Nullable Instant made,
            @Nullable List<String> tags,
            @Nullable Item part) {}

    record Primitives(
            boolean true1, char character, byte small, short half, int whole, long large, double real, float single) {}

    @SuppressWarnings("MethodName")
    record Spelled(int unitPrice, int Upper, int ID, int URLText) {}

    public static final class Plain {

        public int count;
        public @Nullable String text;

        @Override
        public String toString() {
            return count + " " + text;
        }
    }

    public static final class Picture {

        public byte @Nullable [] bytes;
    }

    public static final class Failing {

        public List<String> getNames() {
            throw new IllegalStateException(Arrays.asList("not", "now").toString());
        }
    }
}
