package io.hubwire.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static final long UNLIMITED = 0;

    private final List<String> frames = new ArrayList<>();
    private final FrameSink all = frame -> frames.add(text(frame));

    @Nested
    class WholeFrames {

        @Test
        @SuppressWarnings("ByteBufferBackingArray") // whose array it is, is the question
        void areHandedOverWhereTheyLie() {
            var reader = reader(UNLIMITED);
            byte[] array = "..a\u001Ebc\u001E\u001E..".getBytes(UTF_8);
            var bytes = ByteBuffer.wrap(array, 2, 6).slice();

            boolean wentOn = reader.read(bytes, frame -> {
                assertThat(frame.array()).isSameAs(array);
                return all.frame(frame);
            });

            assertThat(wentOn).isTrue();
            assertThat(frames).containsExactly("a", "bc", "");
            assertThat(bytes.hasRemaining()).isFalse();
            assertThat(reader.isEmpty()).isTrue();
        }

        @Test
        void mayLieOutsideAnyArray() {
            var reader = reader(UNLIMITED);
            var direct =
                    ByteBuffer.allocateDirect(16).put(bytes("a\u001Eb\u001Ec")).flip();

            assertThat(reader.read(direct, all)).isTrue();
            assertThat(reader.read(bytes("d\u001E").asReadOnlyBuffer(), all)).isTrue();

            assertThat(frames).containsExactly("a", "b", "cd");
            assertThat(direct.hasRemaining()).isFalse();
        }

        @Test
        void mayBeMovedInByTheirSink() {
            var reader = reader(UNLIMITED);

            reader.read(bytes("abc\u001Ede\u001E"), frame -> {
                frame.get();
                return frames.add(text(frame));
            });

            assertThat(frames).containsExactly("bc", "e");
        }
    }

    @Nested
    class SplitFrames {

        @Test
        void areHandedOverAtEverySplit() {
            var stream = "{}\u001Ea longer frame than the others\u001E\u001Eüß\u001E{\"type\":6}\u001E";
            var expected = List.of("{}", "a longer frame than the others", "", "üß", "{\"type\":6}");
            byte[] whole = stream.getBytes(UTF_8);
            for (int first = 0; first <= whole.length; first++) {
                for (int second = first; second <= whole.length; second++) {
                    frames.clear();
                    var reader = reader(UNLIMITED);

                    reader.read(ByteBuffer.wrap(whole, 0, first), all);
                    reader.read(ByteBuffer.wrap(whole, first, second - first), all);
                    reader.read(ByteBuffer.wrap(whole, second, whole.length - second), all);

                    assertThat(frames).as("split at %d and %d", first, second).isEqualTo(expected);
                    assertThat(reader.isEmpty()).isTrue();
                }
            }
        }

        @Test
        void areHandedOverHoweverTheyArrive() {
            long seed = Long.getLong("seed", System.nanoTime());
            var random = new Random(seed);
            for (int round = 0; round < 2_000; round++) {
                frames.clear();
                var expected = new ArrayList<String>();
                var stream = new StringBuilder();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    var frame = "x\u001F\u001D~\u00FF\u0100\u9E9E"
                            .repeat(random.nextInt(20))
                            .substring(random.nextInt(1));
                    expected.add(frame);
                    stream.append(frame).append('\u001E');
                }
                var reader = reader(random.nextBoolean() ? UNLIMITED : 4_096);

                feed(reader, stream.toString().getBytes(UTF_8), random);

                assertThat(frames).as("seed %d", seed).isEqualTo(expected);
                assertThat(reader.isEmpty()).as("seed %d", seed).isTrue();
            }
        }

        /** In pieces of any size, on the heap or not, with a sink that stops at will. */
        private void feed(FrameReader reader, byte[] stream, Random random) {
            FrameSink moody = frame -> {
                frames.add(text(frame));
                return random.nextInt(4) != 0;
            };
            int at = 0;
            while (at < stream.length) {
                int size = Math.min(stream.length - at, random.nextInt(40));
                var piece = ByteBuffer.wrap(stream, at, size);
                boolean wentOn = reader.read(random.nextBoolean() ? piece : piece.asReadOnlyBuffer(), moody);
                while (!wentOn) {
                    wentOn = reader.resume(moody);
                }
                at += size;
            }
        }

        @Test
        void areKnownToBeIncomplete() {
            var reader = reader(UNLIMITED);

            reader.read(bytes("a\u001Eb"), all);

            assertThat(reader.isEmpty()).isFalse();
            assertThat(reader.resume(all)).isTrue();
            assertThat(frames).containsExactly("a");
        }
    }

    @Nested
    class Stopping {

        private final FrameSink one = frame -> {
            frames.add(text(frame));
            return false;
        };

        @Test
        void keepsEverythingBehindTheFrame() {
            var reader = reader(UNLIMITED);
            var bytes = bytes("a\u001Eb\u001Ec");

            assertThat(reader.read(bytes, one)).isFalse();
            assertThat(frames).containsExactly("a");
            assertThat(bytes.hasRemaining()).isFalse();
            bytes.clear().put(bytes("!!!!!"));

            assertThat(reader.resume(one)).isFalse();
            assertThat(frames).containsExactly("a", "b");
            assertThat(reader.resume(one)).isTrue();
            assertThat(reader.isEmpty()).isFalse();

            assertThat(reader.read(bytes("d\u001E"), one)).isFalse();
            assertThat(frames).containsExactly("a", "b", "cd");
            assertThat(reader.isEmpty()).isTrue();
            assertThat(reader.resume(one)).isTrue();
        }

        @Test
        void takesMoreBehindWhatWaits() {
            var reader = reader(UNLIMITED);
            reader.read(bytes("a\u001Eb\u001E"), one);

            assertThat(reader.read(bytes("c\u001E"), all)).isTrue();

            assertThat(frames).containsExactly("a", "b", "c");
        }
    }

    @Nested
    class TheLimit {

        private final FrameReader reader = reader(8);

        @Test
        void countsTheSeparator() {
            reader.read(bytes("1234567\u001E1234567\u001E1234567\u001E"), all);

            assertThat(frames).hasSize(3);
            assertThatThrownBy(() -> reader.read(bytes("12345678\u001E"), all))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("The maximum message size of 8B was exceeded. The message size can be configured in"
                            + " AddHubOptions.");
        }

        @Test
        void holdsForWhatHasNoEndYet() {
            reader.read(bytes("12345678"), all);

            assertThatThrownBy(() -> reader.read(bytes("9"), all)).isInstanceOf(ProtocolException.class);
        }

        @Test
        void holdsForOneReadWithoutEnd() {
            assertThatThrownBy(() -> reader.read(bytes("123456789"), all)).isInstanceOf(ProtocolException.class);
        }

        @Test
        void comesAfterTheFramesBefore() {
            assertThatThrownBy(() -> reader.read(bytes("a\u001Eb\u001E123456789"), all))
                    .isInstanceOf(ProtocolException.class);

            assertThat(frames).containsExactly("a", "b");
        }

        @Test
        void holdsForWhatIsJoined() {
            reader.read(bytes("1234"), all);
            reader.read(bytes("567\u001E12345"), all);
            assertThat(frames).containsExactly("1234567");

            assertThatThrownBy(() -> reader.read(bytes("678\u001E"), all)).isInstanceOf(ProtocolException.class);
        }

        @ParameterizedTest
        @ValueSource(longs = {0, Long.MAX_VALUE})
        void mayBeAbsent(long none) {
            var free = reader(none);
            var text = "x".repeat(100_000);

            free.read(bytes(text), all);
            free.read(bytes(text + "\u001E"), all);

            assertThat(frames).containsExactly(text + text);
        }

        @Test
        void isNotNegative() {
            assertThatThrownBy(() -> reader(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maximumSize: -1 (expected: >= 0)");
        }
    }

    @Nested
    class FramesWithTheirLengthBefore {

        private final FrameReader reader = new FrameReader(Framing.LENGTH_PREFIX, UNLIMITED);

        @ParameterizedTest
        @CsvSource({
            "0, 00",
            "3, 03",
            "72, 48",
            "127, 7f",
            "128, 8001",
            "300, ac02",
            "16383, ff7f",
            "16384, 808001",
            "300, ac8200",
            "300, ac82808000",
        })
        void endWhereItSays(int length, String prefix) {
            for (int split = 0; split < prefix.length() / 2 + length; split += Math.max(1, length / 7)) {
                frames.clear();
                var stream = ByteBuffer.allocate(length + 8)
                        .put(HexFormat.of().parseHex(prefix))
                        .put("x".repeat(length).getBytes(UTF_8))
                        .flip();

                reader.read(stream.duplicate().limit(split), all);
                assertThat(frames).isEmpty();
                reader.read(stream.position(split), all);

                assertThat(frames).containsExactly("x".repeat(length));
                assertThat(reader.isEmpty()).isTrue();
            }
        }

        @Test
        void mayBeManyInOneRead() {
            reader.read(bytes("\u0001a\u0000\u0002bc\u0003d"), all);
            reader.read(bytes("ef\u0001"), all);

            assertThat(frames).containsExactly("a", "", "bc", "def");
            assertThat(reader.isEmpty()).isFalse();
        }

        @Test
        void mayFollowFramesWithTheirEndBehind() {
            var reader = reader(UNLIMITED);

            reader.read(bytes("{}\u001E\u0002ab\u0001c"), frame -> {
                reader.framing(Framing.LENGTH_PREFIX);
                return all.frame(frame);
            });

            assertThat(frames).containsExactly("{}", "ab", "c");
        }

        @ParameterizedTest
        @ValueSource(strings = {"8080808008", "8080808010", "ffffffff80", "ffffffffff01", "ffffffffff"})
        void areRefusedBeyondTwoGigabytes(String prefix) {
            for (var limited : List.of(reader, new FrameReader(Framing.LENGTH_PREFIX, 100))) {
                assertThatThrownBy(() ->
                                limited.read(ByteBuffer.wrap(HexFormat.of().parseHex(prefix)), all))
                        .isInstanceOf(ProtocolException.class)
                        .hasMessage("Messages over 2GB in size are not supported.");
            }
        }

        @Test
        void mayAnnounceWhatNobodyMakesRoomFor() {
            assertThat(reader.read(ByteBuffer.wrap(HexFormat.of().parseHex("ffffffff06")), all))
                    .isTrue();
            assertThat(reader.read(bytes("x"), all)).isTrue();

            assertThat(frames).isEmpty();
        }

        @Test
        void areRefusedAtOnceIfTheyAnnounceMoreThanTheLimit() {
            var limited = new FrameReader(Framing.LENGTH_PREFIX, 8);
            limited.read(bytes("\u00071234567\u00071234567"), all);
            assertThat(frames).hasSize(2);

            assertThatThrownBy(() -> limited.read(bytes("\u0008"), all))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("The maximum message size of 8B was exceeded. The message size can be configured in"
                            + " AddHubOptions.");
        }
    }

    private static FrameReader reader(long maximumSize) {
        return new FrameReader(Framing.RECORD_SEPARATOR, maximumSize);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer frame) {
        return UTF_8.decode(frame).toString();
    }
}
