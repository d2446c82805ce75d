package io.hubwire.protocol.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonWriterTest {

    /** Characters that need care, among others: controls, quotes, both halves of pairs, the ends of every length. */
    private static final String CHARACTERS =
            "ab?? \"\\/\b\t\u0000\u001E\u001F\u007F\u0080ü\u07FF\u0800€\uD7FF\uE000\uFFFD\uFFFF"
                    + "\uD800\uDBFF\uDC00\uDFFF\u2028";

    @Test
    void writesEveryStringThatJacksonReads() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            var text = text(random);

            byte[] json = bytes(new JsonWriter(random.nextInt(40)).string(text));

            assertThat(JsonMapper.shared().readValue(json, String.class))
                    .as("seed %d", seed)
                    .isEqualTo(withoutHalves(text));
            for (byte next : json) {
                assertThat(next < 0 || next >= ' ').as("seed %d", seed).isTrue();
            }
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        boolean plain = random.nextInt(3) == 0;
        for (int left = random.nextInt(random.nextBoolean() ? 8 : 90); left > 0; left--) {
            if (plain || random.nextInt(3) == 0) {
                text.append((char) (' ' + random.nextInt(95)));
            } else if (random.nextInt(8) == 0) {
                text.appendCodePoint(0x10000 + random.nextInt(0x100000));
            } else {
                text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
        }
        return text.toString();
    }

    private static String withoutHalves(String text) {
        var whole = new StringBuilder();
        text.codePoints()
                .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }

    @Test
    void writesEveryNumberThatJacksonReads() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            long integer = random.nextLong() >> random.nextInt(64);
            double number = random.nextBoolean() ? integer / 8.0 : Double.longBitsToDouble(random.nextLong());
            float small = (float) number;

            assertThat(JsonMapper.shared().readValue(bytes(new JsonWriter(0).integer(integer)), Long.class))
                    .isEqualTo(integer);
            if (Double.isFinite(number)) {
                assertThat(JsonMapper.shared().readValue(bytes(new JsonWriter(0).number(number)), Double.class))
                        .as("seed %d", seed)
                        .isEqualTo(number);
            }
            if (Float.isFinite(small)) {
                assertThat(JsonMapper.shared().readValue(bytes(new JsonWriter(0).number(small)), Float.class))
                        .as("seed %d", seed)
                        .isEqualTo(small);
            }
        }
    }

    private static byte[] bytes(JsonWriter json) {
        var buffer = json.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
