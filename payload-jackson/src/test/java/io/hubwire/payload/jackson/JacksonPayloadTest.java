package io.hubwire.payload.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import io.hubwire.protocol.PayloadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class JacksonPayloadTest {

    private final JacksonPayload payload = JacksonPayload.create();

    @Nested
    class Members {

        @Test
        void areWrittenInTheirOrderWithNulls() {
            var item = new Item("bolt", 3, 1.5, true, Color.BLUE, Instant.parse("2024-05-01T10:00:00Z"), null, null);

            assertThat(json(item))
                    .isEqualTo("{\"name\":\"bolt\",\"quantity\":3,\"price\":1.5,\"inStock\":true,\"color\":2,"
                            + "\"made\":\"2024-05-01T10:00:00Z\",\"tags\":null,\"part\":null}");
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
    }

    @Nested
    class Names {

        @Test
        void beginWithLowerCase() {
            assertThat(json(new Spelled(1, 2, 3, 4))).isEqualTo("{\"plain\":1,\"upper\":2,\"id\":3,\"urlText\":4}");
        }

        @Test
        void beginWithUpperCaseIfAsked() {
            assertThat(json(JacksonPayload.create(MemberNames.UPPER_CAMEL), new Spelled(1, 2, 3, 4)))
                    .isEqualTo("{\"Plain\":1,\"Upper\":2,\"ID\":3,\"URLText\":4}");
        }

        @Test
        void stayAsDeclaredIfAsked() {
            assertThat(json(JacksonPayload.create(MemberNames.AS_DECLARED), new Spelled(1, 2, 3, 4)))
                    .isEqualTo("{\"plain\":1,\"Upper\":2,\"ID\":3,\"URLText\":4}");
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
                    "price|1e999",
                    "price|true",
                    "inStock|1",
                    "inStock|0",
                    "inStock|\"true\"",
                    "color|\"RED\"",
                    "color|\"1\"",
                    "color|3",
                    "color|-1",
                    "color|1.0",
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
        void areNoInfinityIfBoxed() {
            assertThatThrownBy(() -> read("[1e999]", Double[].class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> read("[1e39]", Float[].class)).isInstanceOf(PayloadException.class);
        }

        @Test
        void keepAllDigits() {
            assertThat(read("9007199254740993", BigInteger.class)).isEqualTo(new BigInteger("9007199254740993"));
            assertThat(read("1.10", BigDecimal.class)).isEqualTo(new BigDecimal("1.10"));
            assertThat(json(new BigDecimal("1.10"))).isEqualTo("1.10");
        }

        @Test
        void mayHaveAsManyDigitsAsAMessage() {
            var digits = "7".repeat(30_000);

            assertThat(read(digits, BigInteger.class)).isEqualTo(new BigInteger(digits));
        }

        @Test
        void areRefusedIfNothingHoldsThem() {
            assertThatThrownBy(() -> read("9E99999999999", BigDecimal.class)).isInstanceOf(PayloadException.class);
        }

        @ParameterizedTest
        @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
        void areRefusedIfJsonCannotExpressThem(double number) {
            assertThatThrownBy(() -> json(Map.of("x", number))).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> json(new double[] {1, number})).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> json(new float[] {(float) number})).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class Enums {

        @Test
        void areNumbers() {
            assertThat(json(List.of(Color.RED, Color.BLUE))).isEqualTo("[0,2]");
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
        void areBase64() {
            assertThat(json(new byte[] {1, 2, 3, 4})).isEqualTo("\"AQIDBA==\"");
            assertThat(read("\"AQIDBA==\"", byte[].class)).isEqualTo(new byte[] {1, 2, 3, 4});
        }

        @ParameterizedTest
        @ValueSource(strings = {"AQI", "AQIDBA", "AQ*=", "A"})
        void needTheirPadding(String text) {
            assertThatThrownBy(() -> read("\"" + text + "\"", byte[].class)).isInstanceOf(PayloadException.class);
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
        void comeInManyFormsAndGoInOne(String given, String written) {
            assertThat(json(read("\"" + given + "\"", Instant.class))).isEqualTo("\"" + written + "\"");
        }

        @Test
        void keepTheirOffset() {
            var text = "\"2024-05-01T12:00:00.25+02:00\"";

            assertThat(json(read(text, OffsetDateTime.class))).isEqualTo(text);
            assertThat(json(read(text, ZonedDateTime.class))).isEqualTo(text);
            assertThat(json(read(text, LocalDateTime.class))).isEqualTo("\"2024-05-01T12:00:00.25\"");
        }

        @Test
        void mayBeDaysOrTimesAlone() {
            assertThat(json(LocalDate.of(2024, 5, 1))).isEqualTo("\"2024-05-01\"");
            assertThat(read("\"2024-05-01\"", LocalDate.class)).isEqualTo(LocalDate.of(2024, 5, 1));
            assertThat(json(LocalTime.of(10, 0))).isEqualTo("\"10:00:00\"");
            assertThat(read("\"10:00:00.5\"", LocalTime.class)).isEqualTo(LocalTime.of(10, 0, 0, 500_000_000));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"1714557600", "\"01.05.2024\"", "\"2024-05-01 10:00\"", "\"2024-05-01T25:00\"", "\"\"", "{}"
                })
        void areIsoTextAlone(String value) {
            assertThatThrownBy(() -> read(value, Instant.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class Durations {

        @ParameterizedTest
        @CsvSource({
            "PT0S, 00:00:00",
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
        }
    }

    @Nested
    class OwnMapper {

        private final JacksonPayload own = JacksonPayload.of(JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build());

        @Test
        void isUsedAsItIs() {
            assertThat(json(own, new Item("x", 1, 1, true, Color.RED, null, null, null)))
                    .contains("\"in_stock\":true")
                    .contains("\"RED\"");
        }

        @Test
        void failsInOurWords() {
            assertThatThrownBy(() -> own.read(bytes("{\"name\":[]}"), Item.class))
                    .isInstanceOf(PayloadException.class)
                    .hasCauseInstanceOf(tools.jackson.core.JacksonException.class);
        }
    }

    @Test
    void readsFromAPieceOfAnArrayAndFromNone() {
        var piece = ByteBuffer.wrap("xx[1,2]yy".getBytes(UTF_8), 2, 5);
        var direct = ByteBuffer.allocateDirect(5).put(piece.duplicate()).flip();

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
        assertThat(out.toString(UTF_8)).isEqualTo("[1]");
    }

    @Test
    void failsOnWhatNeverEnds() {
        var self = new Object[1];
        self[0] = self;

        assertThatThrownBy(() -> json(self)).isInstanceOf(PayloadException.class);
    }

    @Test
    void failsIfAGetterDoes() {
        assertThatThrownBy(() -> json(new Failing())).isInstanceOf(PayloadException.class);
    }

    @Test
    void writesWhatHasNoMembers() {
        assertThat(json(new Object())).isEqualTo("{}");
    }

    private @Nullable Object read(String json, Type type) {
        return payload.read(bytes(json), type);
    }

    private static ByteBuffer bytes(String json) {
        return ByteBuffer.wrap(json.getBytes(UTF_8));
    }

    private String json(@Nullable Object value) {
        return json(payload, value);
    }

    private static String json(JacksonPayload payload, @Nullable Object value) {
        var out = new ByteArrayOutputStream();
        try {
            payload.write(value, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(UTF_8);
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
    record Spelled(int plain, int Upper, int ID, int URLText) {}

    public static final class Plain {

        public int count;
        public @Nullable String text;

        @Override
        public String toString() {
            return count + " " + text;
        }
    }

    public static final class Failing {

        public List<String> getNames() {
            throw new IllegalStateException(Arrays.asList("not", "now").toString());
        }
    }
}
