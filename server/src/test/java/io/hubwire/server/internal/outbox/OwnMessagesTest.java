package io.hubwire.server.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.internal.outbox.Outbox.Item;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages for one client alone, of a dialect whose frames are nothing but messages. */
@Timeout(20)
class OwnMessagesTest {

    private static final int FRAME = 100;

    private final List<Long> overflowed = new ArrayList<>();
    private final Outbox plain = outbox(new Outbox.Limits(1000, 1000, FRAME, 0));
    private final Outbox keeping = outbox(new Outbox.Limits(1000, 1000, FRAME, 0).acknowledged(1000));

    private Outbox outbox(Outbox.Limits limits) {
        return new Outbox(new WordsDialect(""), limits, new Outbox.Listener() {
            @Override
            public void ready() {}

            @Override
            public void overflowed(long bytes) {
                overflowed.add(bytes);
            }
        });
    }

    @Test
    void stayInTheArrayTheyCameIn() {
        byte[] array = "-a-".getBytes(UTF_8);
        plain.add(ByteBuffer.wrap(array, 1, 1));
        array[1] = 'A';

        assertThat(write(plain)).isEqualTo("A");
    }

    @Test
    void goOutTogetherInOrder() {
        add(plain, "a", "b", "c");

        assertThat(write(plain)).isEqualTo("abc");
        assertThat(plain.take()).isNull();
        assertThat(plain.waitingBytes()).isZero();
    }

    @Test
    void standInOrderWithThoseThatOthersGetToo() {
        add(plain, "a", "b");
        plain.add(Item.numbered(bytes("C")));
        add(plain, "d", "e");
        plain.add(Item.unnumbered(bytes("F")));
        add(plain, "g");

        assertThat(write(plain)).isEqualTo("abCdeFg");
    }

    @Test
    void fillNoLongerFramesThanAllowed() {
        add(plain, "x".repeat(60), "y".repeat(40), "z");

        assertThat(write(plain)).hasSize(FRAME).endsWith("y");
        assertThat(write(plain)).isEqualTo("z");
    }

    @Test
    void joinNoneThatIsBeingWritten() {
        add(plain, "a");
        ByteBuffer frame = plain.take();
        add(plain, "b");

        assertThat(text(frame)).isEqualTo("a");
        plain.handedOver(true);
        assertThat(write(plain)).isEqualTo("b");
    }

    @Test
    void waitAgainWhenTheyWereNotWritten() {
        add(plain, "a", "b");
        plain.take();
        add(plain, "c");
        plain.handedOver(false);
        add(plain, "d");

        assertThat(write(plain)).isEqualTo("abcd");
    }

    @Test
    void joinNoneThatIsKeptBehindOneThatIsNot() {
        add(keeping, "a");
        keeping.add(Item.unnumbered(bytes("ping")));
        write(keeping);

        add(keeping, "b");

        assertThat(write(keeping)).isEqualTo("b");
        replay();
        assertThat(write(keeping)).isEqualTo("[1]ab");
    }

    @Test
    void areForgottenOneByOneWhenTheyHaveArrived() {
        add(keeping, "aa", "bbb", "c", "dddd");
        write(keeping);
        assertThat(keeping.kept()).isEqualTo(4);

        keeping.arrived(1);
        assertThat(keeping.kept()).isEqualTo(3);
        keeping.arrived(3);
        assertThat(keeping.kept()).isEqualTo(1);
        replay();

        assertThat(write(keeping)).isEqualTo("[4]dddd");
        keeping.arrived(4);
        assertThat(keeping.kept()).isZero();
    }

    @Test
    void areForgottenOneByOneWhenTheyArriveBeforeTheirWriteIsKnownToHaveEnded() {
        add(keeping, "a", "b", "c");
        keeping.take();
        keeping.arrived(2);
        keeping.handedOver(true);
        assertThat(keeping.kept()).isEqualTo(1);

        add(keeping, "d", "e");
        keeping.take();
        keeping.arrived(4);
        keeping.handedOver(false);
        replay();

        assertThat(write(keeping)).isEqualTo("[5]e");
    }

    @Test
    void makeRoomOneByOne() {
        Outbox narrow = outbox(new Outbox.Limits(1000, 1000, FRAME, 0).acknowledged(5));
        add(narrow, "aa", "bb", "cc");
        write(narrow);
        assertThat(narrow.hasRoomToSend()).isFalse();

        narrow.arrived(1);

        assertThat(narrow.hasRoomToSend()).isTrue();
    }

    @Test
    void countAgainstTheHardLimit() {
        Outbox narrow = outbox(new Outbox.Limits(10, 10, FRAME, 0));
        add(narrow, "aaaaa", "bbbbb");
        assertThat(overflowed).isEmpty();

        add(narrow, "c");

        assertThat(overflowed).containsExactly(11L);
        assertThat(write(narrow)).isEqualTo("aaaaabbbbb");
    }

    @Test
    void areWholeHoweverManyThereAreAndHoweverLong() {
        Outbox wide = outbox(new Outbox.Limits(1 << 20, 1 << 20, 1 << 16, 0).acknowledged(1 << 20));
        Random random = new Random(1);
        for (int round = 0; round < 100; round++) {
            StringBuilder expected = new StringBuilder();
            for (int message = random.nextInt(200) + 1; message > 0; message--) {
                String text = "m".repeat(random.nextInt(50)) + message;
                expected.append(text);
                add(wide, text);
            }
            assertThat(write(wide)).isEqualTo(expected.toString());
            wide.arrived(Long.MAX_VALUE);
        }
        assertThat(wide.kept()).isZero();
        assertThat(wide.waitingBytes()).isZero();
    }

    /** Writes, loses and acknowledges at random; what waits and what is kept is always what it has to be. */
    @Test
    void areNeverLostAndNeverDoubledWhateverStandsBetweenThem() {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        System.out.println("OwnMessagesTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            play(random, outbox(new Outbox.Limits(1000, 1 << 20, 40, 0).acknowledged(1000)));
        }
        assertThat(overflowed).isEmpty();
    }

    private static void play(Random random, Outbox outbox) {
        int said = 0;
        int written = 0;
        int arrived = 0;
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> add(outbox, word(++said));
                case 2 -> outbox.add(random.nextBoolean() ? Item.numbered(bytes(word(++said))) : ping());
                case 3 -> {
                    String frame = text(outbox.take());
                    boolean isWritten = random.nextInt(4) > 0;
                    outbox.handedOver(isWritten);
                    if (isWritten) {
                        for (String word : frame.replace("!", "").split(";")) {
                            written += word.isEmpty() ? 0 : 1;
                            assertThat(word).isIn("", "w" + written);
                        }
                    }
                }
                default -> {
                    arrived += random.nextInt(written - arrived + 1);
                    outbox.arrived(arrived);
                    assertThat(outbox.kept()).isEqualTo(written - arrived);
                }
            }
        }
        replay(outbox);
        StringBuilder rest = new StringBuilder("[" + (arrived + 1) + "]");
        for (int number = arrived + 1; number <= said; number++) {
            rest.append(word(number));
        }
        StringBuilder frames = new StringBuilder();
        for (String frame = write(outbox); !frame.isEmpty(); frame = write(outbox)) {
            frames.append(frame);
        }
        assertThat(frames.toString()).isEqualTo(rest.toString());
    }

    private static String word(int number) {
        return "w" + number + ";";
    }

    private static Item ping() {
        return Item.unnumbered(bytes("!"));
    }

    private void replay() {
        replay(keeping);
    }

    private static void replay(Outbox outbox) {
        outbox.replay(number -> Item.unnumbered(bytes("[" + number + "]")));
    }

    private static void add(Outbox outbox, String... messages) {
        for (String message : messages) {
            outbox.add(bytes(message));
        }
    }

    private static String write(Outbox outbox) {
        String frame = text(outbox.take());
        outbox.handedOver(true);
        return frame;
    }

    private static String text(@Nullable ByteBuffer frame) {
        return frame == null ? "" : UTF_8.decode(frame).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
