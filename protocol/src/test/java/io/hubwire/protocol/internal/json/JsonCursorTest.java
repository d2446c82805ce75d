package io.hubwire.protocol.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.hubwire.protocol.internal.json.JsonCursor.Malformed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonCursorTest {

    private static final int ROUNDS = 10_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final JsonTexts texts = new JsonTexts(random);

    @Test
    void readsWhatJacksonReads() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] json = (texts.space() + texts.value() + texts.space()).getBytes(UTF_8);
            if (accepts(json)) {
                assertThat(read(json)).as("seed %d", seed).isEqualTo(JsonTexts.judged(json));
            }
        }
    }

    @Test
    void acceptsWhatJacksonAccepts() {
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] json = texts.spoilt((texts.space() + texts.value()).getBytes(UTF_8));
            accepted += accepts(json) ? 1 : 0;
        }
        assertThat(accepted).as("seed %d", seed).isBetween(ROUNDS / 100, ROUNDS * 9 / 10);
    }

    /** Asks both. */
    private boolean accepts(byte[] json) {
        boolean judged = JsonTexts.judgedRight(json);
        if (skips(json) != judged) {
            fail("seed %d: %s is %s for Jackson", seed, new String(json, UTF_8), judged ? "right" : "wrong");
        }
        return judged;
    }

    private boolean skips(byte[] json) {
        // what lies around it must not matter
        int before = random.nextInt(4);
        byte[] around = new byte[before + json.length + random.nextInt(20)];
        random.nextBytes(around);
        System.arraycopy(json, 0, around, before, json.length);
        var cursor = new JsonCursor(around, before, before + json.length);
        try {
            cursor.skip();
            cursor.finish();
            return true;
        } catch (Malformed wrong) {
            return false;
        }
    }

    private static @Nullable Object read(byte[] json) {
        var cursor = new JsonCursor(json, 0, json.length);
        var value = value(cursor);
        cursor.finish();
        return value;
    }

    private static @Nullable Object value(JsonCursor cursor) {
        return switch (cursor.kind()) {
            case OBJECT -> object(cursor);
            case ARRAY -> array(cursor);
            case STRING -> cursor.string();
            case NUMBER -> number(cursor);
            case TRUE -> skipped(cursor, true);
            case FALSE -> skipped(cursor, false);
            case NULL -> skipped(cursor, null);
        };
    }

    private static Object object(JsonCursor cursor) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        cursor.enterObject();
        while (cursor.nextMember()) {
            object.put(cursor.name(), value(cursor));
        }
        return object;
    }

    private static Object array(JsonCursor cursor) {
        var array = new ArrayList<@Nullable Object>();
        cursor.enterArray();
        while (cursor.nextElement()) {
            array.add(value(cursor));
        }
        return array;
    }

    private static Object number(JsonCursor cursor) {
        cursor.peek();
        int place = cursor.position();
        var text = cursor.number();
        int behind = cursor.position();
        cursor.position(place);
        var big = new BigDecimal(text);
        boolean integer = text.matches("-?[0-9]+");
        boolean fits = integer && big.toBigInteger().bitLength() < Long.SIZE;
        assertThat(cursor.passInteger()).as(text).isEqualTo(fits);
        assertThat(cursor.position()).isEqualTo(behind);
        if (fits) {
            assertThat(cursor.integer()).isEqualTo(big.longValueExact());
        }
        return integer ? new BigInteger(text) : big;
    }

    private static @Nullable Object skipped(JsonCursor cursor, @Nullable Object value) {
        cursor.skip();
        return value;
    }
}
