package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {

    @Test
    void agreesWithTheJdkOnEveryCharacter() {
        for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
            byte[] bytes = new String(Character.toChars(character)).getBytes(UTF_8);
            boolean surrogate = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
            if (!surrogate && Utf8.check(Utf8.WHOLE, bytes, 0, bytes.length) != Utf8.WHOLE) {
                throw new AssertionError("refused " + Integer.toHexString(character));
            }
        }
    }

    @Test
    void agreesWithTheJdkOnEveryTwoBytesAndManyMore() {
        Random random = new Random(4711);
        byte[] bytes = new byte[20];
        for (int i = 0; i < 400_000; i++) {
            random.nextBytes(bytes);
            bytes[0] = (byte) i;
            bytes[1] = (byte) (i >> 8);
            int length = i < 1 << 16 ? 2 : 2 + random.nextInt(18);
            boolean whole = Utf8.check(Utf8.WHOLE, bytes, 0, length) == Utf8.WHOLE;
            assertThat(whole).isEqualTo(jdkTakes(bytes, length));
        }
    }

    private static boolean jdkTakes(byte[] bytes, int length) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException broken) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"größer als 8 Zeichen", "€", "a🙂b", "\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff"})
    void carriesItsStateOverEverySplit(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        for (int split = 0; split <= bytes.length; split++) {
            int state = Utf8.check(Utf8.WHOLE, bytes, 0, split);
            assertThat(Utf8.check(state, bytes, split, bytes.length)).isEqualTo(Utf8.WHOLE);
        }
    }

    @Test
    void staysBrokenWhateverFollows() {
        byte[] bytes = {(byte) 0xff, 'a'};

        assertThat(Utf8.check(Utf8.WHOLE, bytes, 0, 2)).isEqualTo(Utf8.BROKEN);
        assertThat(Utf8.check(Utf8.BROKEN, bytes, 1, 2)).isEqualTo(Utf8.BROKEN);
    }

    @Test
    void isNotWholeWithinACharacter() {
        byte[] euro = "€".getBytes(UTF_8);

        assertThat(Utf8.check(Utf8.WHOLE, euro, 0, 2)).isNotIn(Utf8.WHOLE, Utf8.BROKEN);
    }
}
