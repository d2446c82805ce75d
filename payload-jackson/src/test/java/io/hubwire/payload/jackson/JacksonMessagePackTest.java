package io.hubwire.payload.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written is shown as JSON by {@code msgpack-core}, or as hexadecimal digits; what is read it makes of JSON. */
class JacksonMessagePackTest {

    private final JacksonMessagePack payload = JacksonMessagePack.create();

    @Test
    void isOfTheBinaryDialect() {
        assertThat(payload.dialect()).isEqualTo("messagepack");
        assertThat(JacksonPayload.create().dialect()).isEqualTo("json");
    }

    @Nested
    class Members {

        @Test
        void areWrittenInTheirOrderWithNulls() {
            assertThat(json(new Item("bolt", 3, 1.5, true, Color.BLUE, null, null)))
                    .isEqualTo("{\"name\":\"bolt\",\"quantity\":3,\"price\":1.5,\"inStock\":true,\"color\":\"BLUE\","
                            + "\"tags\":null,\"part\":null}");
        }

        @Test
        void areReadWhateverTheirCase() {
            assertThat(read("{\"NAME\":\"x\",\"Quantity\":1,\"inSTOCK\":true}", Item.class))
                    .isEqualTo(new Item("x", 1, 0, true, null, null, null));
        }

        @Test
        void areSkippedIfUnknown() {
            assertThat(read("{\"nope\":[1,{\"a\":2}],\"name\":\"x\"}", Item.class))
                    .isEqualTo(new Item("x", 0, 0, false, null, null, null));
            assertThat(readHex("82 a4 6e 6f 70 65 d4 05 00 a4 6e 61 6d 65 a1 78", Item.class))
                    .isEqualTo(new Item("x", 0, 0, false, null, null, null));
        }

        @Test
        void areDefaultsIfMissing() {
            assertThat(read("{}", Primitives.class))
                    .isEqualTo(new Primitives(false, '\0', (byte) 0, (short) 0, 0, 0, 0, 0));
        }

        @Test
        void takeTheLastOfDuplicates() {
            assertThat(readHex("82 a8 71 75 61 6e 74 69 74 79 01 a8 71 75 61 6e 74 69 74 79 02", Item.class))
                    .isEqualTo(new Item(null, 2, 0, false, null, null, null));
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
            assertThatThrownBy(() -> readHex("91".repeat(10_000) + "c0", Object.class))
                    .isInstanceOf(PayloadException.class);
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

                var again = packed(List.of(map, list, "end"));

                assertThat(payload.read(again, Object.class)).isEqualTo(List.of(map, list, "end"));
            }
        }
    }

    @Nested
    class Names {

        @Test
        void beginAsIsAsked() {
            assertThat(json(new Spelled(1, 2))).isEqualTo("{\"unitPrice\":1,\"id\":2}");
            assertThat(json(JacksonMessagePack.create(MemberNames.UPPER_CAMEL), new Spelled(1, 2)))
                    .isEqualTo("{\"UnitPrice\":1,\"ID\":2}");
            assertThat(json(JacksonMessagePack.create(MemberNames.AS_DECLARED), new Spelled(1, 2)))
                    .isEqualTo("{\"unitPrice\":1,\"ID\":2}");
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

        @Test
        void ofMapsMayBeNumbers() {
            assertThat(readHex("83 01 a1 61 ff a1 62 cf ff ff ff ff ff ff ff ff a1 63", Object.class))
                    .isEqualTo(Map.of("1", "a", "-1", "b", "18446744073709551615", "c"));
            assertThat(readHex("81 05 a1 61", new TypeReference<Map<Integer, String>>() {}.getType()))
                    .isEqualTo(Map.of(5, "a"));
            assertThatThrownBy(() -> readHex("81 90 01", Object.class)).isInstanceOf(PayloadException.class);
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
                    "price|true",
                    "inStock|1",
                    "inStock|0",
                    "inStock|\"true\"",
                    "color|\"PURPLE\"",
                    "color|3",
                    "color|-1",
                    "color|1.0",
                    "color|true",
                    "color|[]",
                    "color|99999999999",
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

        @Test
        void mayBeNullIfBoxed() {
            assertThat(read("[null,1]", Integer[].class)).isEqualTo(new @Nullable Integer[] {null, 1});
            assertThat(read("[null,1]", Double[].class)).isEqualTo(new @Nullable Double[] {null, 1.0});
        }

        @Test
        void mayBeNoNumberAtAll() {
            assertThat(hex(new double[] {Double.NaN})).isEqualTo("91 cb 7f f8 00 00 00 00 00 00");
            assertThat(readHex("91 cb 7f f8 00 00 00 00 00 00", double[].class)).isEqualTo(new double[] {Double.NaN});
            assertThat(readHex("91 ca 7f 80 00 00", Float[].class)).isEqualTo(new Float[] {Float.POSITIVE_INFINITY});
        }

        @Test
        void areShortIfTheyWere() {
            assertThat(hex(new float[] {1.5f})).isEqualTo("91 ca 3f c0 00 00");
            assertThat(readHex("91 ca 3f c0 00 00", double[].class)).isEqualTo(new double[] {1.5});
            assertThat(readHex("91 cb 3f f8 00 00 00 00 00 00", float[].class)).isEqualTo(new float[] {1.5f});
            assertThat(readHex("92 01 cc 80", double[].class)).isEqualTo(new double[] {1, 128});
        }

        @ParameterizedTest
        @CsvSource({
            "0, 00",
            "9223372036854775807, cf 7f ff ff ff ff ff ff ff",
            "-9223372036854775808, d3 80 00 00 00 00 00 00 00",
            "9223372036854775808, cf 80 00 00 00 00 00 00 00",
            "18446744073709551615, cf ff ff ff ff ff ff ff ff",
        })
        void keepSixtyFourBits(BigInteger number, String hex) {
            assertThat(hex(number)).isEqualTo(hex);
            assertThat(readHex(hex, BigInteger.class)).isEqualTo(number);
        }

        @Test
        void areTextBeyondThat() {
            var number = new BigInteger("18446744073709551616");

            assertThat(json(number)).isEqualTo("\"18446744073709551616\"");
            assertThat(payload.read(packed(number), BigInteger.class)).isEqualTo(number);
            assertThatThrownBy(() -> read("\"x\"", BigInteger.class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> read("1.5", BigInteger.class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> readHex("91 cf ff ff ff ff ff ff ff ff", long[].class))
                    .isInstanceOf(PayloadException.class);
        }

        @Test
        void areTextIfDecimal() {
            assertThat(json(new BigDecimal("1.10"))).isEqualTo("\"1.10\"");
            assertThat(json(new BigDecimal("1E+5"))).isEqualTo("\"100000\"");
            assertThat(json(new BigDecimal("1E+999999999"))).isEqualTo("\"1E+999999999\"");
            assertThat(read("\"1.10\"", BigDecimal.class)).isEqualTo(new BigDecimal("1.10"));
            assertThat(read("5", BigDecimal.class)).isEqualTo(new BigDecimal("5"));
            assertThat(read("1.5", BigDecimal.class)).isEqualTo(new BigDecimal("1.5"));
            for (var wrong : List.of("\"x\"", "true", "[]")) {
                assertThatThrownBy(() -> read(wrong, BigDecimal.class)).isInstanceOf(PayloadException.class);
            }
            assertThatThrownBy(() -> readHex("cb 7f f8 00 00 00 00 00 00", BigDecimal.class))
                    .isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class Enums {

        @Test
        void areNames() {
            assertThat(json(List.of(Color.RED, Color.BLUE))).isEqualTo("[\"RED\",\"BLUE\"]");
            assertThat(json(Shape.ROUND)).isEqualTo("\"Round\"");
            assertThat(json(Map.of(Color.RED, 1))).isEqualTo("{\"RED\":1}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"GREEN\"", "\"Green\"", "\"green\"", "1"})
        void areReadFromNamesAndNumbers(String json) {
            assertThat(read(json, Color.class)).isEqualTo(Color.GREEN);
        }

        @Test
        void mayHaveNamesOfTheirOwn() {
            assertThat(read("\"Round\"", Shape.class)).isEqualTo(Shape.ROUND);
            assertThat(read("1", Shape.class)).isEqualTo(Shape.FLAT);
        }
    }

    @Nested
    class Bytes {

        @Test
        void areBinary() {
            assertThat(hex(new byte[] {1, 2})).isEqualTo("c4 02 01 02");
            assertThat(hex(List.of(new byte[300]))).startsWith("91 c5 01 2c 00");
            var mine = new Picture();
            mine.bytes = new byte[] {1, 2, 3};

            assertThat(payload.read(packed(mine), Picture.class))
                    .isInstanceOfSatisfying(
                            Picture.class, picture -> assertThat(picture.bytes).isEqualTo(new byte[] {1, 2, 3}));
        }
    }

    @Nested
    class Dates {

        private final Instant moment = Instant.parse("2024-05-01T10:00:00Z");

        @ParameterizedTest
        @CsvSource({
            "1970-01-01T00:00:00Z, d6 ff 00 00 00 00",
            "2024-05-01T10:00:00Z, d6 ff 66 32 12 a0",
            "2106-02-07T06:28:15Z, d6 ff ff ff ff ff",
            "2106-02-07T06:28:16Z, d7 ff 00 00 00 01 00 00 00 00",
            "2024-05-01T10:00:00.5Z, d7 ff 77 35 94 00 66 32 12 a0",
            "1969-12-31T23:59:59.999999999Z, c7 0c ff 3b 9a c9 ff ff ff ff ff ff ff ff ff",
            "0001-01-01T00:00:00Z, c7 0c ff 00 00 00 00 ff ff ff f1 88 6e 09 00",
            "9999-12-31T23:59:59Z, c7 0c ff 00 00 00 00 00 00 00 3a ff f4 41 7f",
        })
        void areTimestamps(Instant moment, String hex) {
            assertThat(hex(moment)).isEqualTo(hex);
            assertThat(readHex(hex, Instant.class)).isEqualTo(moment);
        }

        @Test
        void areTimestampsWhateverTheirType() {
            var local = LocalDateTime.of(2024, 5, 1, 10, 0);
            var hex = "d6 ff 66 32 12 a0";
            for (var date : List.of(
                    moment,
                    local,
                    OffsetDateTime.of(2024, 5, 1, 12, 0, 0, 0, ZoneOffset.ofHours(2)),
                    ZonedDateTime.of(local, ZoneOffset.UTC),
                    Date.from(moment))) {
                assertThat(hex(date)).isEqualTo(hex);
                assertThat(hex(Map.of("a", date))).endsWith(hex);
            }
            assertThat(readHex(hex, LocalDateTime.class)).isEqualTo(local);
            assertThat(readHex(hex, OffsetDateTime.class)).isEqualTo(local.atOffset(ZoneOffset.UTC));
            assertThat(readHex(hex, ZonedDateTime.class)).isEqualTo(local.atZone(ZoneOffset.UTC));
            assertThat(readHex(hex, Date.class)).isEqualTo(Date.from(moment));
            assertThat(readHex(hex, LocalDate.class)).isEqualTo(local.toLocalDate());
            assertThat(readHex("91" + hex, Instant[].class)).isEqualTo(new Instant[] {moment});
        }

        @Test
        void mayComeAsText() {
            assertThat(read("\"2024-05-01T12:00:00+02:00\"", Instant.class)).isEqualTo(moment);
            assertThat(read("\"2024-05-01\"", LocalDate.class)).isEqualTo(LocalDate.of(2024, 5, 1));
            assertThat(read("\"10:00:00.5\"", LocalTime.class)).isEqualTo(LocalTime.of(10, 0, 0, 500_000_000));
            assertThat(json(LocalDate.of(2024, 5, 1))).isEqualTo("\"2024-05-01\"");
            assertThat(json(LocalTime.of(10, 0))).isEqualTo("\"10:00:00\"");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "05",
                    "a1 78",
                    "c4 01 00",
                    "d4 ff 00",
                    "d6 05 00 00 00 00",
                    "d7 ff ff ff ff ff 00 00 00 00",
                    "c7 0c ff 3b 9a ca 00 00 00 00 00 00 00 00 00",
                    "c7 0c ff 00 00 00 00 7f ff ff ff ff ff ff ff",
                })
        void areNothingElse(String hex) {
            assertThatThrownBy(() -> readHex(hex, Instant.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class OtherText {

        @Test
        void isThatOfJson() {
            var uuid = UUID.fromString("0a0b0c03-0405-0607-0706-050403020100");

            assertThat(json(List.of(uuid, Duration.ofSeconds(90))))
                    .isEqualTo("[\"0a0b0c03-0405-0607-0706-050403020100\",\"00:01:30\"]");
            assertThat(read("\"0A0B0C03-0405-0607-0706-050403020100\"", UUID.class))
                    .isEqualTo(uuid);
            assertThat(read("\"00:01:30\"", Duration.class)).isEqualTo(Duration.ofSeconds(90));
            assertThatThrownBy(() -> read("\"a-b-c-d-e\"", UUID.class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> readHex("c4 01 00", UUID.class)).isInstanceOf(PayloadException.class);
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

        @Test
        void isNatural() {
            assertThat(readHex("c4 02 01 02", Object.class)).isEqualTo(new byte[] {1, 2});
            assertThat(readHex("d6 ff 00 00 00 00", Object.class)).isEqualTo(Instant.EPOCH);
            assertThat(readHex("cf ff ff ff ff ff ff ff ff", Object.class))
                    .isEqualTo(new BigInteger("18446744073709551615"));
            assertThat(readHex("ce ff ff ff ff", Object.class)).isEqualTo(4_294_967_295L);
            for (var hex : List.of(
                    "93 c4 02 01 02 d6 ff 00 00 00 00 cf ff ff ff ff ff ff ff ff", "91 cb 3f f8 00 00 00 00 00 00")) {
                assertThat(hex(readHex(hex, Object.class))).isEqualTo(hex);
                assertThat(hex(readHex(hex, JsonNode.class))).isEqualTo(hex);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"d4 05 00", "91 c7 03 63 01 02 03", "81 a1 61 d4 05 00"})
        void isNoUnknownExtension(String hex) {
            assertThatThrownBy(() -> readHex(hex, Object.class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> readHex(hex, JsonNode.class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> readHex(hex, String.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Test
    void readsFromAPieceOfAnArrayAndFromNone() {
        var piece = ByteBuffer.wrap(new byte[] {0, (byte) 0x92, 1, 2, 0}, 1, 3);
        var direct = ByteBuffer.allocateDirect(3).put(piece.duplicate()).flip();

        assertThat(payload.read(piece, int[].class)).isEqualTo(new int[] {1, 2});
        assertThat(payload.read(piece.slice(), int[].class)).isEqualTo(new int[] {1, 2});
        assertThat(payload.read(direct, int[].class)).isEqualTo(new int[] {1, 2});
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c1", "91", "92 01", "a5 61", "dd ff ff ff ff", "c6 ff ff ff ff", "81 a1 61"})
    void failsOnWhatIsNoMessagePack(String hex) {
        assertThatThrownBy(() -> readHex(hex, Object.class)).isInstanceOf(PayloadException.class);
    }

    @Test
    void failsOnNothingButWhatDoesNotFit() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        var types = List.of(Item.class, Object.class, JsonNode.class, Primitives.class, int[].class, Picture.class);
        var whole = packed(new Item("bolt", 3, 1.5, true, Color.BLUE, List.of("a"), null));
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

        assertThatThrownBy(() -> packed(self)).isInstanceOf(PayloadException.class);
    }

    @Test
    void failsIfAGetterDoes() {
        assertThatThrownBy(() -> packed(new Failing())).isInstanceOf(PayloadException.class);
    }

    @Test
    void writesWhatHasNoMembers() {
        assertThat(json(new Object())).isEqualTo("{}");
    }

    private @Nullable Object read(String json, Type type) {
        var packer = MessagePack.newDefaultBufferPacker();
        try {
            pack(JsonMapper.shared().readTree(json), packer);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return payload.read(ByteBuffer.wrap(packer.toByteArray()), type);
    }

    private static void pack(JsonNode node, MessagePacker packer) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                packer.packMapHeader(node.size());
                for (var member : node.properties()) {
                    packer.packString(member.getKey());
                    pack(member.getValue(), packer);
                }
            }
            case ARRAY -> {
                packer.packArrayHeader(node.size());
                for (var element : node) {
                    pack(element, packer);
                }
            }
            case STRING -> packer.packString(node.stringValue());
            case BOOLEAN -> packer.packBoolean(node.booleanValue());
            case NUMBER -> {
                if (node.isIntegralNumber()) {
                    packer.packLong(node.longValue());
                } else {
                    packer.packDouble(node.doubleValue());
                }
            }
            case NULL -> packer.packNil();
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("node: " + node);
        }
    }

    private @Nullable Object readHex(String hex, Type type) {
        return payload.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))), type);
    }

    private String json(@Nullable Object value) {
        return json(payload, value);
    }

    private static String json(JacksonMessagePack payload, @Nullable Object value) {
        try (var unpacker = MessagePack.newDefaultUnpacker(packed(payload, value))) {
            return unpacker.unpackValue().toJson();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private String hex(@Nullable Object value) {
        byte[] bytes = new byte[packed(value).remaining()];
        packed(value).get(bytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    private ByteBuffer packed(@Nullable Object value) {
        return packed(payload, value);
    }

    private static ByteBuffer packed(JacksonMessagePack payload, @Nullable Object value) {
        var out = new ByteArrayOutputStream();
        try {
            payload.write(value, out);
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

    enum Shape {
        @JsonProperty("Round")
        ROUND,
        @JsonProperty("Flat")
        FLAT
    }

    record Item(
            @Nullable String name,
            int quantity,
            double price,
            boolean inStock,
            @Nullable Color color,
            @Nullable List<String> tags,
            @Nullable Item part) {}

    record Primitives(
            boolean true1, char character, byte small, short half, int whole, long large, double real, float single) {}

    @SuppressWarnings("MethodName")
    record Spelled(int unitPrice, int ID) {}

    public static final class Picture {

        public byte @Nullable [] bytes;
    }

    public static final class Failing {

        public List<String> getNames() {
            throw new IllegalStateException(Arrays.asList("not", "now").toString());
        }
    }
}
