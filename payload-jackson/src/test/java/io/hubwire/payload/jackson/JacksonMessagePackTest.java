package io.hubwire.payload.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bytes are made and shown by {@code msgpack-core}, or are hexadecimal digits. */
class JacksonMessagePackTest extends PayloadMapperContract {

    @Override
    PayloadMapper mapper() {
        return JacksonMessagePack.create();
    }

    @Override
    PayloadMapper mapper(MemberNames names) {
        return JacksonMessagePack.create(names);
    }

    @Override
    ByteBuffer bytes(String json) {
        var packer = MessagePack.newDefaultBufferPacker();
        try (var parser = JsonMapper.shared().createParser(json)) {
            parser.nextToken();
            pack(parser, packer);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return ByteBuffer.wrap(packer.toByteArray());
    }

    /** Packs a member as often as it is there, which a tree would not. */
    private static void pack(JsonParser json, MessagePacker packer) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                int size = 0;
                var members = MessagePack.newDefaultBufferPacker();
                for (; json.nextToken() != JsonToken.END_OBJECT; size++) {
                    members.packString(json.currentName());
                    json.nextToken();
                    pack(json, members);
                }
                packer.packMapHeader(size).addPayload(members.toByteArray());
            }
            case START_ARRAY -> {
                int size = 0;
                var elements = MessagePack.newDefaultBufferPacker();
                for (; json.nextToken() != JsonToken.END_ARRAY; size++) {
                    pack(json, elements);
                }
                packer.packArrayHeader(size).addPayload(elements.toByteArray());
            }
            case VALUE_STRING -> packer.packString(json.getString());
            case VALUE_TRUE, VALUE_FALSE -> packer.packBoolean(json.getBooleanValue());
            case VALUE_NUMBER_INT -> packer.packLong(json.getLongValue());
            case VALUE_NUMBER_FLOAT -> packer.packDouble(json.getDoubleValue());
            case VALUE_NULL -> packer.packNil();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalArgumentException("token: " + json.currentToken());
        }
    }

    @Override
    String shown(ByteBuffer written) {
        try (var unpacker = MessagePack.newDefaultUnpacker(written)) {
            return unpacker.unpackValue().toJson();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    ByteBuffer nested(int depth) {
        return ofHex("91".repeat(depth) + "c0");
    }

    @Override
    String shownBlue() {
        return "\"BLUE\"";
    }

    @Test
    void isOfTheBinaryDialect() {
        assertThat(payload.dialect()).isEqualTo("messagepack");
    }

    @Nested
    class Maps {

        @Test
        void loseMembersThatAreUnknownExtensions() {
            assertThat(readHex("82 a4 6e 6f 70 65 d4 05 00 a4 6e 61 6d 65 a1 78", Item.class))
                    .isEqualTo(new Item("x", 0, 0, false, null, null, null, null));
        }

        @Test
        void mayHaveNumbersForKeys() {
            assertThat(readHex("83 01 a1 61 ff a1 62 cf ff ff ff ff ff ff ff ff a1 63", Object.class))
                    .isEqualTo(Map.of("1", "a", "-1", "b", "18446744073709551615", "c"));
            assertThat(readHex("81 05 a1 61", new TypeReference<Map<Integer, String>>() {}.getType()))
                    .isEqualTo(Map.of(5, "a"));
            assertThatThrownBy(() -> readHex("81 90 01", Object.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class Numbers {

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
            assertThat(again(number, BigInteger.class)).isEqualTo(number);
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
    class NamesOfEnums {

        @Test
        void areWritten() {
            assertThat(json(List.of(Color.RED, Color.BLUE))).isEqualTo("[\"RED\",\"BLUE\"]");
            assertThat(json(Shape.ROUND)).isEqualTo("\"Round\"");
        }

        @ParameterizedTest
        @ValueSource(strings = {"GREEN", "Green", "green"})
        void areReadWhateverTheirCase(String name) {
            assertThat(read("\"" + name + "\"", Color.class)).isEqualTo(Color.GREEN);
        }

        @Test
        void mayBeTheirOwn() {
            assertThat(read("\"Round\"", Shape.class)).isEqualTo(Shape.ROUND);
            assertThat(read("1", Shape.class)).isEqualTo(Shape.FLAT);
        }
    }

    @Nested
    class Binary {

        @Test
        void standsForBytes() {
            assertThat(hex(new byte[] {1, 2})).isEqualTo("c4 02 01 02");
            assertThat(hex(List.of(new byte[300]))).startsWith("91 c5 01 2c 00");
        }

        @Test
        void standsForNoUuid() {
            assertThatThrownBy(() -> readHex("c4 01 00", UUID.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class DatesInBytes {

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
    class AnyBytes {

        @Test
        void areWhatIsNatural() {
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
        void areNoUnknownExtension(String hex) {
            assertThatThrownBy(() -> readHex(hex, Object.class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> readHex(hex, JsonNode.class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> readHex(hex, String.class)).isInstanceOf(PayloadException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c1", "91", "92 01", "a5 61", "dd ff ff ff ff", "c6 ff ff ff ff", "81 a1 61"})
    void failsOnWhatIsNoMessagePack(String hex) {
        assertThatThrownBy(() -> readHex(hex, Object.class)).isInstanceOf(PayloadException.class);
    }

    private @Nullable Object readHex(String hex, Type type) {
        return payload.read(ofHex(hex), type);
    }

    private static ByteBuffer ofHex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private String hex(@Nullable Object value) {
        return HexFormat.ofDelimiter(" ").formatHex(written(value).array());
    }

    enum Shape {
        @JsonProperty("Round")
        ROUND,
        @JsonProperty("Flat")
        FLAT
    }
}
