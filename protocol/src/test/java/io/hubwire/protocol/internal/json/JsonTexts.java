package io.hubwire.protocol.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** JSON at random, right and wrong, and what Jackson makes of it. */
public final class JsonTexts {

    private static final List<String> SPACES = List.of("", "", "", "", " ", "\n", "\t \r\n");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "7",
            "12",
            "-345",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "1.0",
            "0.25",
            "-1.5E-3",
            "1e5",
            "2E+2",
            "123456789012345678901234567890");
    private static final List<String> WORDS = List.of("true", "false", "null");
    private static final List<String> CHARACTERS = List.of(
            "a",
            "b",
            "xyz",
            "01234567",
            " ",
            "?",
            "ü",
            "€",
            "😀",
            "\u007F",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b",
            "\\f",
            "\\n",
            "\\r",
            "\\t",
            "\\u0041",
            "\\u00fc",
            "\\uD83D\\uDE00",
            "\\u001E");
    private static final byte[] WRONG = "{}[]\",:\\/0123456789.eE+-tfnul \n\u0000\u001E'#".getBytes(UTF_8);

    private static final Pattern HALF = Pattern.compile("\\\\u[dD][89a-fA-F]\\p{XDigit}{2}");

    private static final JsonMapper JUDGE = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(JsonCursor.DEEPEST)
                            .build())
                    .build())
            .enable(
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                    DeserializationFeature.USE_BIG_INTEGER_FOR_INTS,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Does not look into numbers. */
    private static final ObjectReader RIGHT =
            JUDGE.readerFor(Object.class).without(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final Random random;

    /** Takes its chances from {@code random}. */
    public JsonTexts(Random random) {
        this.random = random;
    }

    /** Returns any value, now and then deeper than is allowed. */
    public String value() {
        if (random.nextInt(200) == 0) {
            int depth = 50 + random.nextInt(20);
            return random.nextBoolean()
                    ? "[".repeat(depth) + "]".repeat(depth)
                    : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
        }
        return shallow();
    }

    /** Returns a value that may stand in another. */
    public String shallow() {
        return value(4);
    }

    private String value(int deepest) {
        return switch (random.nextInt(deepest == 0 ? 3 : 5)) {
            case 0 -> string();
            case 1 -> one(NUMBERS);
            case 2 -> one(WORDS);
            case 3 -> array(deepest - 1);
            default -> object(deepest - 1);
        };
    }

    private String array(int deepest) {
        var text = new StringBuilder("[").append(space());
        for (int left = random.nextInt(5); left > 0; left--) {
            text.append(value(deepest))
                    .append(space())
                    .append(left > 1 ? "," : "")
                    .append(space());
        }
        return text.append(']').toString();
    }

    private String object(int deepest) {
        var text = new StringBuilder("{").append(space());
        for (int left = random.nextInt(5); left > 0; left--) {
            text.append(string()).append(space()).append(':').append(space()).append(value(deepest));
            text.append(space()).append(left > 1 ? "," : "").append(space());
        }
        return text.append('}').toString();
    }

    /** Returns a string with its quotes. */
    public String string() {
        var text = new StringBuilder("\"");
        for (int left = random.nextInt(random.nextInt(8) == 0 ? 40 : 5); left > 0; left--) {
            text.append(one(CHARACTERS));
        }
        return text.append('"').toString();
    }

    /** Returns white space, or none. */
    public String space() {
        return one(SPACES);
    }

    /** Returns the text with some bytes changed, added or left out. */
    public byte[] spoilt(byte[] text) {
        byte[] spoilt = text;
        for (int left = 1 + random.nextInt(2); left > 0; left--) {
            int at = random.nextInt(spoilt.length + 1);
            var out = ByteBuffer.allocate(spoilt.length + 1).put(spoilt, 0, at);
            int skipped = at == spoilt.length ? 0 : random.nextInt(2);
            if (skipped == 0 || random.nextBoolean()) {
                out.put(random.nextInt(6) == 0 ? (byte) random.nextInt(256) : WRONG[random.nextInt(WRONG.length)]);
            }
            out.put(spoilt, at + skipped, spoilt.length - at - skipped).flip();
            spoilt = new byte[out.remaining()];
            out.get(spoilt);
        }
        return spoilt;
    }

    private <T> T one(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }

    /** Tells whether Jackson finds this right. */
    public static boolean judgedRight(byte[] json) {
        try {
            // half of a surrogate pair is right, as an escape, but not for Jackson in a name
            RIGHT.readValue(HALF.matcher(decoded(json)).replaceAll("\\\\u0041"));
            return true;
        } catch (JacksonException | CharacterCodingException wrong) {
            return false;
        }
    }

    /** Returns what Jackson reads. */
    public static @Nullable Object judged(byte[] json) {
        return JUDGE.readValue(json, Object.class);
    }

    /** Jackson alone lets some wrong UTF-8 through. */
    private static String decoded(byte[] json) throws CharacterCodingException {
        return UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(json))
                .toString();
    }
}
