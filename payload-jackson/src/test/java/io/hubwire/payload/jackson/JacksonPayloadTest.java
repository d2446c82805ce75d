package io.hubwire.payload.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class JacksonPayloadTest extends PayloadMapperContract {

    @Override
    PayloadMapper mapper() {
        return JacksonPayload.create();
    }

    @Override
    PayloadMapper mapper(MemberNames names) {
        return JacksonPayload.create(names);
    }

    @Override
    ByteBuffer bytes(String json) {
        return ByteBuffer.wrap(json.getBytes(UTF_8));
    }

    @Override
    String shown(ByteBuffer written) {
        return UTF_8.decode(written).toString();
    }

    @Override
    ByteBuffer nested(int depth) {
        return bytes("[".repeat(depth) + "]".repeat(depth));
    }

    @Override
    String shownBlue() {
        return "2";
    }

    @Test
    void isOfTheTextDialect() {
        assertThat(payload.dialect()).isEqualTo("json");
    }

    @Nested
    class Numbers {

        @Test
        void keepAllDigitsIfDecimal() {
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

        @Test
        void areNoInfinity() {
            assertThatThrownBy(() -> read("{\"price\":1e999}", Item.class)).isInstanceOf(PayloadException.class);
        }

        @Test
        void areNoInfinityIfBoxed() {
            assertThatThrownBy(() -> read("[1e999]", Double[].class)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> read("[1e39]", Float[].class)).isInstanceOf(PayloadException.class);
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
    class NumbersOfEnums {

        @Test
        void areWritten() {
            assertThat(json(List.of(Color.RED, Color.BLUE))).isEqualTo("[0,2]");
        }

        @Test
        void areNotReadFromNames() {
            assertThatThrownBy(() -> read("{\"color\":\"RED\"}", Item.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class Base64 {

        @Test
        void standsForBytes() {
            assertThat(json(new byte[] {1, 2, 3, 4})).isEqualTo("\"AQIDBA==\"");
            assertThat(read("\"AQIDBA==\"", byte[].class)).isEqualTo(new byte[] {1, 2, 3, 4});
        }

        @ParameterizedTest
        @ValueSource(strings = {"AQI", "AQIDBA", "AQ*=", "A"})
        void needsItsPadding(String text) {
            assertThatThrownBy(() -> read("\"" + text + "\"", byte[].class)).isInstanceOf(PayloadException.class);
        }
    }

    @Nested
    class TextOfDates {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "2024-05-01T10:00:00Z",
                    "2024-05-01T10:00:00.5Z",
                    "2024-05-01T10:00:00.12Z",
                    "2024-05-01T00:00:00Z",
                })
        void hasOneForm(String text) {
            assertThat(json(Instant.parse(text))).isEqualTo("\"" + text + "\"");
        }

        @Test
        void keepsTheirOffset() {
            var text = "\"2024-05-01T12:00:00.25+02:00\"";

            assertThat(json(read(text, OffsetDateTime.class))).isEqualTo(text);
            assertThat(json(read(text, ZonedDateTime.class))).isEqualTo(text);
            assertThat(json(read(text, LocalDateTime.class))).isEqualTo("\"2024-05-01T12:00:00.25\"");
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
}
