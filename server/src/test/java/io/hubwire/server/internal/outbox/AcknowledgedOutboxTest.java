package io.hubwire.server.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.internal.outbox.Outbox.Item;
import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An outbox whose client says what has arrived. */
@Timeout(20)
class AcknowledgedOutboxTest {

    private final List<String> told = new ArrayList<>();
    private final List<CompletableFuture<Void>> crowded = new ArrayList<>();
    private final Outbox outbox = outbox(new Outbox.Limits(50, 40, 200, 0).acknowledged(20));

    private Outbox outbox(Outbox.Limits limits) {
        return new Outbox(new WordsDialect(" "), limits, new Outbox.Listener() {
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

            @Override
            public void crowded(CompletableFuture<Void> room) {
                crowded.add(room);
            }
        });
    }

    @Test
    void repeatsWhatIsNotAcknowledgedBehindTheNumberItBeginsWith() {
        add("a", "b", "c");
        write();
        outbox.arrived(1);

        replay();

        assertThat(write()).isEqualTo("from2 b c");
    }

    @Test
    void beginsBehindTheLastNumberWhenEverythingHasArrived() {
        add("a", "b");
        write();
        outbox.arrived(2);

        replay();
        add("c");

        assertThat(write()).isEqualTo("from3 c");
    }

    @Test
    void beginsWithTheFirstMessageThatWasNeverTaken() {
        replay();
        add("a");
        assertThat(write()).isEqualTo("from1 a");
        outbox.arrived(1);
        add("b");

        replay();

        assertThat(write()).isEqualTo("from2 b");
    }

    @Test
    void repeatsWhatWasTakenAndNotWritten() {
        add("a");
        write();
        add("b");
        outbox.take();
        outbox.handedOver(false);
        add("c");

        replay();

        assertThat(write()).isEqualTo("from1 a b c");
    }

    @Test
    void repeatsAgainWhatTheSecondSocketLostToo() {
        add("a", "b");
        write();
        replay();
        outbox.take();
        outbox.handedOver(false);

        replay();

        assertThat(write()).isEqualTo("from1 a b");
        outbox.arrived(2);
        assertThat(outbox.kept()).isZero();
    }

    @Test
    void repeatsNothingThatHasNoNumber() {
        add("a");
        outbox.add(Item.unnumbered(bytes("ping")));
        write();
        outbox.add(Item.unnumbered(bytes("ping")));

        replay();

        assertThat(write()).isEqualTo("from1 a");
    }

    @Test
    void sendsTheMessagesBehindItsBeginningAllTheSameWhenTheyAreAcknowledgedMeanwhile() {
        add("a", "b");
        write();
        replay();
        outbox.arrived(2);

        assertThat(write()).isEqualTo("from1 a b");
        assertThat(outbox.kept()).isZero();
    }

    @Test
    void forgetsAtOnceWhatWasAcknowledgedBeforeItsWriteEnded() {
        add("a");
        outbox.take();
        outbox.arrived(1);
        assertThat(outbox.waitingBytes()).isEqualTo(1);

        outbox.handedOver(true);

        assertThat(outbox.kept()).isZero();
        assertThat(outbox.waitingBytes()).isZero();
    }

    @Test
    void takesNoNoticeOfAcknowledgementsFromTheFutureOrThePast() {
        add("a", "b");
        write();

        outbox.arrived(-1);
        outbox.arrived(Long.MIN_VALUE);
        outbox.arrived(0);
        assertThat(outbox.kept()).isEqualTo(2);
        outbox.arrived(Long.MAX_VALUE);
        assertThat(outbox.kept()).isZero();

        add("c");
        write();
        assertThat(outbox.kept()).isEqualTo(1);
        outbox.arrived(1);
        replay();
        assertThat(write()).isEqualTo("from3 c");
    }

    @Test
    void hasSendersWaitForAcknowledgementsAndNotTheReader() {
        add("x".repeat(21));
        write();

        CompletionStage<Void> room = outbox.roomToSend();
        assertThat(outbox.hasRoom()).isTrue();
        assertThat(outbox.room().toCompletableFuture()).isDone();
        assertThat(room.toCompletableFuture()).isNotDone();
        assertThat(crowded).hasSize(1);

        outbox.arrived(1);
        room.toCompletableFuture().join();
    }

    @Test
    void hasRoomWhileExactlyTheLimitIsUnacknowledged() {
        add("x".repeat(20));
        write();

        assertThat(outbox.roomToSend().toCompletableFuture()).isDone();
        assertThat(crowded).isEmpty();
    }

    @Nested
    class HasThoseWaitWhoHaveAnswered {

        private final Outbox spacious = outbox(new Outbox.Limits(70, 100, 200, 0).acknowledged(20));

        @Test
        void whileMoreThanHalfOfTheHardLimitIsUnacknowledged() {
            write(30);
            write(20);
            assertThat(spacious.hasRoomToAnswer()).isTrue();
            assertThat(spacious.roomToAnswer().toCompletableFuture()).isDone();

            write(1);
            assertThat(spacious.hasRoomToAnswer()).isFalse();
            CompletionStage<Void> room = spacious.roomToAnswer();
            assertThat(crowded).hasSize(1);
            assertThat(room.toCompletableFuture()).isNotDone();

            spacious.arrived(1);
            room.toCompletableFuture().join();
            assertThat(spacious.hasRoomToAnswer()).isTrue();
            assertThat(spacious.hasRoomToSend()).isFalse();
        }

        @Test
        void onceAndNotAgainBeforeSomethingIsAcknowledged() {
            write(30);
            write(30);
            CompletionStage<Void> first = spacious.roomToAnswer();
            CompletionStage<Void> second = spacious.roomToAnswer();
            crowded.getFirst().complete(null);

            first.toCompletableFuture().join();
            second.toCompletableFuture().join();
            assertThat(spacious.hasRoomToAnswer()).isTrue();
            spacious.arrived(0);
            assertThat(spacious.hasRoomToAnswer()).isTrue();
            write(30);
            spacious.arrived(1);
            assertThat(spacious.hasRoomToAnswer()).isFalse();
        }

        @Test
        void notWhileNothingThatTheClientSaysIsRead() {
            write(60);
            CompletionStage<Void> room = spacious.roomToAnswer();

            spacious.unread();

            room.toCompletableFuture().join();
            assertThat(spacious.hasRoomToAnswer()).isTrue();
        }

        @Test
        void whileTooMuchWaitsAllTheSame() {
            write(5);
            spacious.add(Item.numbered(bytes("x".repeat(80))));
            CompletionStage<Void> room = spacious.roomToAnswer();
            crowded.getFirst().complete(null);

            assertThat(spacious.hasRoomToAnswer()).isFalse();
            assertThat(room.toCompletableFuture()).isNotDone();
            take(spacious);
            spacious.handedOver(true);
            room.toCompletableFuture().join();
        }

        @Test
        void notWhenItCloses() {
            write(60);
            CompletionStage<Void> room = spacious.roomToAnswer();

            spacious.close(null);

            room.toCompletableFuture().join();
            assertThat(spacious.hasRoomToAnswer()).isTrue();
        }

        private void write(int bytes) {
            spacious.add(Item.numbered(bytes("x".repeat(bytes))));
            take(spacious);
            spacious.handedOver(true);
        }
    }

    @Test
    void letsThoseGoOnWhoWaitWhenItCloses() {
        add("x".repeat(21));
        CompletionStage<Void> room = outbox.roomToSend();

        outbox.close(null);

        room.toCompletableFuture().join();
    }

    @Test
    void overflowsByWhatIsUnacknowledged() {
        add("x".repeat(30));
        write();
        add("y".repeat(10));
        assertThat(told).isEmpty();

        add("z");

        assertThat(told).containsExactly("overflowed 11");
        outbox.giveUp(Item.unnumbered(bytes("bye")));
        assertThat(write()).isEqualTo("bye");
        assertThat(outbox.take()).isNull();
    }

    @Test
    void saysTheLastWordBehindWhatIsBeingWritten() {
        add("a");
        ByteBuffer first = outbox.take();
        add("b");
        outbox.giveUp(Item.unnumbered(bytes("bye")));

        assertThat(text(first)).isEqualTo("a");
        assertThat(outbox.handedOver(true)).isTrue();
        assertThat(write()).isEqualTo("bye");
    }

    @Test
    void repeatsNothingOnceClosed() {
        add("a");
        write();
        outbox.close(Item.unnumbered(bytes("bye")));

        replay();

        assertThat(write()).isEqualTo("bye");
    }

    /** Loses sockets, acknowledges and gives up at random: whatever a client got is what it would have got at once. */
    @Test
    void bringsEveryMessageOnceAndInOrderWhateverIsLost() {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        System.out.println("AcknowledgedOutboxTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            new Client(random).play(300);
        }
    }

    @Nested
    class WithExpendableMessages {

        private final Outbox spacious = outbox(new Outbox.Limits(1000, 1000, 4, 0).acknowledged(1000));

        @Test
        void replacesNoMessageThatHasANumber() {
            latest("a1");
            take(spacious);
            spacious.handedOver(false);
            latest("a2");
            latest("a3");

            spacious.replay(AcknowledgedOutboxTest::begins);

            assertThat(told).containsExactly("discarded 1 price");
            assertThat(take(spacious)).isEqualTo("from1");
            spacious.handedOver(true);
            assertThat(take(spacious)).isEqualTo("a1 a3");
        }

        @Test
        void leavesNoGapInTheNumbers() {
            latest("a1");
            latest("a2");
            take(spacious);
            spacious.handedOver(true);
            spacious.arrived(1);
            latest("a3");

            spacious.replay(AcknowledgedOutboxTest::begins);

            assertThat(take(spacious)).isEqualTo("from2");
        }

        private void latest(String text) {
            spacious.add(expendable(text, Outbox.Expendable.latest("price", 1)));
        }
    }

    private void add(String... messages) {
        for (String message : messages) {
            outbox.add(Item.numbered(bytes(message)));
        }
    }

    private void replay() {
        outbox.replay(AcknowledgedOutboxTest::begins);
    }

    private String write() {
        String frame = take(outbox);
        outbox.handedOver(true);
        return frame;
    }

    private static Item begins(long number) {
        return begins(String.valueOf(number));
    }

    private static Item begins(String number) {
        return Item.unnumbered(bytes("from" + number));
    }

    private static String take(Outbox outbox) {
        return text(outbox.take());
    }

    private static String text(@Nullable ByteBuffer frame) {
        return frame == null ? "" : UTF_8.decode(frame).toString();
    }

    private static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }

    private static Item expendable(String text, Outbox.Expendable rank) {
        return Objects.requireNonNull(Item.of(Message.Call.of(text), new WordsDialect(" "), rank));
    }

    /** A client that counts as the protocol says, over sockets that lose what they like. */
    private static final class Client {

        private final Random random;
        private final List<String> got = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private final Outbox outbox;
        private long next = 1;
        private long newest;

        Client(Random random) {
            this.random = random;
            this.outbox = new Outbox(
                    new WordsDialect(""),
                    new Outbox.Limits(1000, 1 << 20, 40, 0).acknowledged(1000),
                    new Outbox.Listener() {
                        @Override
                        public void ready() {}

                        @Override
                        public void overflowed(long bytes) {
                            throw new AssertionError("overflowed");
                        }
                    });
        }

        void play(int steps) {
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> say(step);
                    case 2 -> outbox.add(Item.unnumbered(bytes("ping ")));
                    case 3 -> outbox.arrived(random.nextLong(newest + 1));
                    case 4 -> exchange();
                    default -> {
                        if (random.nextInt(4) == 0) {
                            outbox.replay(Client::begins);
                        }
                    }
                }
            }
            outbox.replay(Client::begins);
            for (String frame = take(outbox); !frame.isEmpty(); frame = take(outbox)) {
                hear(frame);
                outbox.handedOver(true);
            }
            outbox.arrived(newest);
            assertThat(got).isEqualTo(sent);
            assertThat(outbox.kept()).isZero();
        }

        private void say(int step) {
            String text = "m" + step;
            sent.add(text);
            if (random.nextInt(3) > 0) {
                outbox.add(bytes(text + " "));
            } else {
                outbox.add(Item.numbered(bytes(text + " ")));
            }
        }

        private static Item begins(long number) {
            return AcknowledgedOutboxTest.begins(number + " ");
        }

        /** A frame is written; if it or what the transport says of it is lost, the client comes back. */
        private void exchange() {
            String frame = take(outbox);
            boolean heard = random.nextInt(5) > 0;
            boolean known = random.nextInt(5) > 0;
            if (heard) {
                hear(frame);
            }
            outbox.handedOver(known || !heard);
            if (!heard || !known) {
                outbox.replay(Client::begins);
            }
        }

        private void hear(String frame) {
            for (String message : frame.split(" ")) {
                if (message.startsWith("from")) {
                    next = Long.parseLong(message.substring(4));
                    assertThat(next).isLessThanOrEqualTo(newest + 1);
                } else if (message.startsWith("m")) {
                    long number = next++;
                    if (number > newest) {
                        newest = number;
                        got.add(message);
                    }
                }
            }
        }
    }
}
