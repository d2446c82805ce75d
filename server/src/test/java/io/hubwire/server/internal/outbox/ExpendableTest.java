package io.hubwire.server.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.internal.outbox.Outbox.Item;
import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** What an outbox gives up for newer messages. */
class ExpendableTest {

    private final List<String> told = new ArrayList<>();
    private final Outbox outbox = outbox(20);

    private Outbox outbox(long hard) {
        return new Outbox(new WordsDialect(" "), new Outbox.Limits(10, hard, 1000, 0), new Outbox.Listener() {
            @Override
            public void ready() {}

            @Override
            public void overflowed(long bytes) {
                told.add("overflowed " + bytes);
            }

            @Override
            public void discarded(String method, int count) {
                told.add("discarded " + count + " " + method);
            }
        });
    }

    @Test
    void replacesAnOlderMessageOfTheSameKeyAtTheEndOfTheQueue() {
        latest("a1", "a");
        latest("b1", "b");
        add("x");
        latest("a2", "a");

        assertThat(take()).isEqualTo("b1 x a2");
        assertThat(told).containsExactly("discarded 1 price");
    }

    @Test
    void countsOnlyWhatIsLeftAsWaiting() {
        latest("aaaaa", "a");
        latest("aa", "a");

        assertThat(outbox.waitingBytes()).isEqualTo(2);
    }

    @Test
    void comparesMethodsByTheirNamesWhateverTheirCase() {
        outbox.add(item("1", Outbox.Expendable.latest("Price", 1)));
        outbox.add(item("2", Outbox.Expendable.latest("PRICE", 1)));
        outbox.add(item("3", Outbox.Expendable.latest("volume", 1)));

        assertThat(take()).isEqualTo("2 3");
        assertThat(told).containsExactly("discarded 1 Price");
    }

    @Test
    void replacesNothingThatIsBeingWritten() {
        latest("a1", "a");
        assertThat(take()).isEqualTo("a1");
        latest("a2", "a");
        latest("a3", "a");

        outbox.handedOver(true);

        assertThat(take()).isEqualTo("a3");
    }

    @Test
    void replacesNothingThatWasTakenAndNotWritten() {
        latest("a1", "a");
        take();
        outbox.handedOver(false);
        latest("a2", "a");
        latest("a3", "a");

        assertThat(take()).isEqualTo("a1 a3");
    }

    @Test
    void givesUpTheOldestUntilThereIsRoom() {
        oldest("o1o1o1o1");
        add("keep");
        oldest("o2o2o2");
        add("exactly8");

        assertThat(take()).isEqualTo("keep o2o2o2 exactly8");
        assertThat(told).containsExactly("discarded 1 news");
    }

    @Test
    void tellsHowManyOfEachMethodWereGivenUp() {
        outbox.add(item("11111", Outbox.Expendable.oldest("one")));
        outbox.add(item("22222", Outbox.Expendable.oldest("two")));
        outbox.add(item("33333", Outbox.Expendable.oldest("one")));
        add("x".repeat(20));

        assertThat(told).containsExactly("discarded 2 one", "discarded 1 two");
        assertThat(take()).isEqualTo("x".repeat(20));
    }

    @Test
    void givesTheClientUpWhenNothingElseIsLeftToGiveUp() {
        add("x".repeat(15));
        oldest("12345");
        add("y".repeat(6));

        assertThat(told).containsExactly("discarded 1 news", "overflowed 21");
    }

    @Test
    void givesUpNothingThatIsBeingWrittenToMakeRoom() {
        oldest("taken");
        take();
        add("x".repeat(20));
        add("y");

        assertThat(told).containsExactly("overflowed 26");
    }

    @Test
    void doesNotGrowByMessagesThatAreReplaced() {
        for (int i = 0; i < 100_000; i++) {
            latest("a" + i % 10, "a");
        }

        assertThat(take()).isEqualTo("a9");
        assertThat(outbox.handedOver(true)).isFalse();
        assertThat(outbox.waitingBytes()).isZero();
    }

    @Test
    void goesOnAfterEverythingWasForgotten() {
        latest("a1", "a");
        outbox.giveUp(Item.unnumbered(UTF_8.encode("bye")));

        assertThat(take()).isEqualTo("bye");
    }

    /** Compares the outbox with a plain model of it. */
    @Test
    void keepsTheNewestOfEachKeyWhateverIsTakenAndLost() {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        System.out.println("ExpendableTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Outbox spacious = outbox(1 << 20);
            Map<String, String> waiting = new LinkedHashMap<>();
            List<String> again = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                String key = random.nextInt(3) == 0 ? "own" + step : "key" + random.nextInt(4);
                if (random.nextInt(8) > 0) {
                    String text = key + "-" + step;
                    waiting.remove(key);
                    waiting.put(key, text);
                    spacious.add(key.startsWith("own") ? plain(text) : item(text, Outbox.Expendable.latest("m", key)));
                    continue;
                }
                again.addAll(waiting.values());
                waiting.clear();
                assertThat(take(spacious)).isEqualTo(String.join(" ", again));
                boolean written = random.nextBoolean();
                spacious.handedOver(written);
                if (written) {
                    again.clear();
                }
            }
        }
    }

    private void add(String text) {
        outbox.add(plain(text));
    }

    private void latest(String text, String key) {
        outbox.add(item(text, Outbox.Expendable.latest("price", key)));
    }

    private void oldest(String text) {
        outbox.add(item(text, Outbox.Expendable.oldest("news")));
    }

    private static Item plain(String text) {
        return Item.numbered(UTF_8.encode(text));
    }

    private static Item item(String text, Outbox.Expendable rank) {
        return Objects.requireNonNull(Item.of(Message.Call.of(text), new WordsDialect(" "), rank));
    }

    private String take() {
        return take(outbox);
    }

    private static String take(Outbox outbox) {
        ByteBuffer frame = outbox.take();
        return frame == null ? "" : UTF_8.decode(frame).toString();
    }
}
