package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    void keepsNothingOfAMessageThatIsGone() {
        compressAndForget();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(once.kept()).isZero();
        });
    }

    /** So that nothing on the stack holds the message. */
    private void compressAndForget() {
        once.deflate(ByteBuffer.wrap("secret ".repeat(100).getBytes(UTF_8)), deflater);
        once.deflate(ByteBuffer.wrap("another ".repeat(100).getBytes(UTF_8)), deflater);
    }

    @Test
    void keepsAMessageThatIsStillThere() {
        ByteBuffer message = ByteBuffer.wrap("message ".repeat(100).getBytes(UTF_8));
        once.deflate(message.duplicate(), deflater);
        compressAndForget();
        System.gc();
        await().until(() -> once.kept() <= 1);

        once.deflate(message.duplicate(), deflater);
        assertThat(once.count()).isEqualTo(3);
    }

    /** The loop of one client may not stand still because that of another is at work on the same message. */
    @Test
    void doesNotWaitForSomebodyWhoIsAtIt() {
        ByteBuffer message = ByteBuffer.wrap("message ".repeat(100).getBytes(UTF_8));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Deflater slow = new Deflater(6, true) {
            @Override
            public int deflate(byte[] out, int from, int length, int flush) {
                begun.countDown();
                assertThat(onTime(mayEnd)).isTrue();
                return super.deflate(out, from, length, flush);
            }
        };
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> once.deflate(message.duplicate(), slow));
        assertThat(onTime(begun)).isTrue();

        assertThat(plain(once.deflate(message.duplicate(), deflater))).isEqualTo(message.array());
        mayEnd.countDown();
        other.join();
        assertThat(plain(once.deflate(message.duplicate(), deflater))).isEqualTo(message.array());
        assertThat(once.count()).isEqualTo(2);
    }

    private static boolean onTime(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
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

    @Test
    void compressesHoweverLittleThatHelps() {
        Random random = new Random(1);
        for (int noise = 0; noise < 5000; noise += 100) {
            byte[] message = new byte[5000];
            byte[] start = new byte[noise];
            random.nextBytes(start);
            System.arraycopy(start, 0, message, 0, noise);
            ByteBuffer deflated = once.deflate(ByteBuffer.wrap(message), deflater);
            assertThat(plain(deflated)).isEqualTo(message);
        }
    }
}
