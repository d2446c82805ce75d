package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeflateOnceTest {

    private final DeflateOnce once = new DeflateOnce();
    private final Deflater deflater = new Deflater(6, true);

    private static byte[] plain(@Nullable ByteBuffer deflated) {
        ByteBuffer compressed = Objects.requireNonNull(deflated);
        byte[] bytes = new byte[compressed.remaining()];
        compressed.get(bytes);
        return Deflated.inflated(bytes);
    }

    @Test
    void findsAMessageThatItHasSeen() {
        ByteBuffer message = ByteBuffer.wrap("message ".repeat(100).getBytes(UTF_8));
        ByteBuffer first = Objects.requireNonNull(once.deflate(message.duplicate(), deflater));
        ByteBuffer second = Objects.requireNonNull(once.deflate(message.duplicate(), new Deflater(6, true)));

        assertThat(plain(second.duplicate())).isEqualTo(message.array());
        assertThat(second).isEqualTo(first);
        assertThat(once.count()).isOne();
    }

    @Test
    void noticesThatAnArrayIsUsedAgain() {
        byte[] array = "one ".repeat(100).getBytes(UTF_8);
        once.deflate(ByteBuffer.wrap(array), deflater);
        byte[] other = "two ".repeat(100).getBytes(UTF_8);
        System.arraycopy(other, 0, array, 0, array.length);

        assertThat(plain(once.deflate(ByteBuffer.wrap(array), deflater))).isEqualTo(other);
        assertThat(plain(once.deflate(ByteBuffer.wrap(array, 4, 100), deflater)))
                .isEqualTo("two ".repeat(25).getBytes(UTF_8));
    }

    @Test
    void makesNothingOfWhatDoesNotGetSmaller() {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);

        assertThat(once.deflate(ByteBuffer.wrap(noise), deflater)).isNull();
        assertThat(once.deflate(ByteBuffer.wrap(noise), deflater)).isNull();
        assertThat(once.count()).isOne();
    }

    @Test
    void compressesWhateverTheLength() {
        for (int length = 1; length < 3000; length += 7) {
            byte[] message = "abc".repeat(1000).substring(0, length).getBytes(UTF_8);
            ByteBuffer deflated = once.deflate(ByteBuffer.wrap(message), deflater);
            if (deflated == null) {
                assertThat(length).isLessThan(20);
            } else {
                assertThat(deflated.remaining()).isLessThan(length);
                assertThat(plain(deflated)).isEqualTo(message);
            }
        }
    }
}
