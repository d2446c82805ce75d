package io.hubwire.server.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.internal.outbox.NumberedDialect.Cursor;
import io.hubwire.server.internal.outbox.Outbox.Item;
import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OutboxTest {

    private final Ears ears = new Ears();

    @Nested
    class WithoutAWindow {

        private final Outbox outbox = outbox(10, 100, 50);

        @Test
        void holdsNothingAtFirst() {
            assertThat(outbox.take()).isNull();
            assertThat(outbox.waitingBytes()).isZero();
        }

        @Test
        void tellsThatSomethingWaits() {
            add("a");

            assertThat(ears.ready).hasValue(1);
        }

        @Test
        void givesEverythingThatWaitsAsOneFrameInOrder() {
            add("a", "b", "c");

            assertThat(take()).isEqualTo("a.b.c");
        }

        @Test
        void givesTheBytesOfASingleMessageAsTheyAre() {
            add("a");

            assertThat(take()).isEqualTo("a");
        }

        @Test
        void forgetsWhatIsHandedOver() {
            add("a");
            take();
            outbox.handedOver(true);

            assertThat(outbox.take()).isNull();
            assertThat(outbox.waitingBytes()).isZero();
            assertThat(outbox.kept()).isZero();
        }

        @Test
        void givesAgainWhatWasNotWrittenTogetherWithWhatCameMeanwhile() {
            add("a");
            take();
            add("b");
            outbox.handedOver(false);

            assertThat(take()).isEqualTo("a.b");
        }

        @Test
        void keepsWhatCameWhileAFrameWasWritten() {
            add("a");
            take();
            add("b");
            outbox.handedOver(true);

            assertThat(take()).isEqualTo("b");
        }

        @Test
        void countsWhatIsBeingWrittenAsWaiting() {
            add("abc");
            take();

            assertThat(outbox.waitingBytes()).isEqualTo(3);
        }

        @Test
        void countsNothingThatIsBeingWrittenAgainstItsHardLimit() {
            add("x".repeat(150));
            take();
            add("y".repeat(90));
            assertThat(ears.overflowed).hasValue(0);

            add("z".repeat(11));

            assertThat(ears.overflowed).hasValue(251);
        }

        @Test
        void tellsWhetherMoreWaitsBehindWhatWasHandedOver() {
            add("a");
            take();
            assertThat(outbox.handedOver(true)).isFalse();
            add("b");
            take();
            add("c");
            assertThat(outbox.handedOver(true)).isTrue();
            take();

            assertThat(outbox.handedOver(false)).isTrue();
        }

        @Test
        void joinsNoMoreMessagesThanAFrameMayHold() {
            add("x".repeat(30), "y".repeat(20), "z");

            assertThat(take()).isEqualTo("x".repeat(30) + "." + "y".repeat(20));
            outbox.handedOver(true);
            assertThat(take()).isEqualTo("z");
        }

        @Test
        void givesAMessageThatIsLongerThanAFrameAlone() {
            add("x".repeat(90), "y");

            assertThat(take()).isEqualTo("x".repeat(90));
        }

        @Test
        void leavesSharedBytesAsTheyWere() {
            ByteBuffer shared = UTF_8.encode("abc");
            Item item = Item.numbered(shared);
            outbox.add(item);
            outbox.add(item);

            assertThat(take()).isEqualTo("abc.abc");
            assertThat(shared.remaining()).isEqualTo(3);
        }

        private void add(String... messages) {
            OutboxTest.add(outbox, messages);
        }

        private String take() {
            return OutboxTest.take(outbox);
        }
    }

    @Nested
    class OfALimitedFrame {

        @Test
        void joinsNoMoreMessagesThanItsDialectWants() {
            var outbox = new Outbox(new NumberedDialect(2), new Outbox.Limits(10, 100, 50, 10), ears);
            add(outbox, "1", "2", "3");

            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("1,2");
            outbox.handedOver(true);
            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("3");
        }
    }

    @Nested
    class Beyond {

        private final Outbox outbox = outbox(10, 20, 50);

        @Test
        void theSoftLimitSendersWaitUntilHalfOfItIsFree() {
            add(outbox, "x".repeat(8), "y".repeat(4));
            take(outbox);
            var room = outbox.room().toCompletableFuture();
            assertThat(room).isNotDone();

            outbox.handedOver(true);

            await().until(room::isDone);
            assertThat(outbox.room().toCompletableFuture()).isDone();
            assertThat(outbox.hasRoom()).isTrue();
        }

        @Test
        void theSoftLimitSendersGoOnWaitingWhileTooMuchIsLeft() {
            var narrow = outbox(10, 20, 8);
            add(narrow, "x".repeat(8), "y".repeat(6));
            var room = narrow.room().toCompletableFuture();
            take(narrow);
            narrow.handedOver(true);
            assertThat(room).isNotDone();

            take(narrow);
            narrow.handedOver(true);

            await().until(room::isDone);
        }

        @Test
        void theSoftLimitSendersGoOnOnThreadsOfTheirOwn() {
            add(outbox, "x".repeat(12));
            take(outbox);
            var goingOn = new CompletableFuture<Thread>();
            outbox.room().thenRun(() -> goingOn.complete(Thread.currentThread()));

            outbox.handedOver(true);

            assertThat(goingOn.join().isVirtual()).isTrue();
        }

        @Test
        void theHardLimitTheOutboxClosesAndTells() {
            add(outbox, "x".repeat(15), "y".repeat(5));
            assertThat(ears.overflowed).hasValue(0);

            add(outbox, "z");

            assertThat(ears.overflowed).hasValue(21);
            add(outbox, "late");
            assertThat(outbox.waitingBytes()).isEqualTo(20);
            assertThat(ears.ready).hasValue(2);
        }

        @Test
        void theHardLimitNobodyWaitsForRoom() {
            add(outbox, "x".repeat(15));
            var room = outbox.room().toCompletableFuture();

            add(outbox, "y".repeat(6));

            await().until(room::isDone);
            assertThat(outbox.room().toCompletableFuture()).isDone();
        }

        @Test
        void everyLimitASingleMessageFits() {
            add(outbox, "x".repeat(1000));

            assertThat(ears.overflowed).hasValue(0);
            assertThat(take(outbox)).hasSize(1000);
        }
    }

    @Nested
    class Closed {

        private final Outbox outbox = outbox(10, 20, 50);

        @Test
        void takesNothingMoreAndGivesWhatWaits() {
            add(outbox, "a");
            outbox.close(null);
            add(outbox, "b");

            assertThat(take(outbox)).isEqualTo("a");
        }

        @Test
        void endsWithTheLastMessage() {
            add(outbox, "a");
            outbox.close(Item.unnumbered(UTF_8.encode("bye")));
            outbox.close(Item.unnumbered(UTF_8.encode("bye bye")));

            assertThat(take(outbox)).isEqualTo("a.bye");
            assertThat(ears.ready).hasValue(2);
        }

        @Test
        void hasRoomForTheLastMessageWhateverWaits() {
            add(outbox, "x".repeat(20));

            outbox.close(Item.unnumbered(UTF_8.encode("bye")));

            assertThat(ears.overflowed).hasValue(0);
            assertThat(take(outbox)).endsWith(".bye");
        }

        @Test
        void letsNobodyWaitForRoom() {
            add(outbox, "x".repeat(15));
            var room = outbox.room().toCompletableFuture();

            outbox.close(null);

            await().until(room::isDone);
        }

        @Test
        void forgetsEverythingWhenCleared() {
            add(outbox, "a", "b");
            take(outbox);

            outbox.clear();

            assertThat(outbox.waitingBytes()).isZero();
            assertThat(outbox.take()).isNull();
            add(outbox, "c");
            assertThat(outbox.take()).isNull();
        }

        @Test
        void hasNothingBehindTheLastMessageHoweverManySend() throws InterruptedException {
            for (int round = 0; round < 300; round++) {
                var outbox = new Outbox(new WordsDialect("."), new Outbox.Limits(10, 1_000_000, 1_000_000, 0), ears);
                var senders = new ArrayList<Thread>();
                for (int i = 0; i < 3; i++) {
                    senders.add(Thread.startVirtualThread(() -> add(outbox, "a", "a", "a", "a")));
                }
                outbox.close(Item.unnumbered(UTF_8.encode("bye")));
                for (Thread sender : senders) {
                    sender.join();
                }
                assertThat(take(outbox)).endsWith("bye");
            }
        }
    }

    @Nested
    class WithAWindow {

        private final Outbox outbox = new Outbox(new NumberedDialect(100), new Outbox.Limits(1000, 2000, 500, 3), ears);

        @Test
        void numbersWhatIsNumbered() {
            add(outbox, "1", "2");
            outbox.add(Item.unnumbered(UTF_8.encode("0")));

            assertThat(cursor(take(outbox)).number()).isEqualTo(2);
        }

        @Test
        void tellsTheSamePositionWhenOnlyUnnumberedMessagesFollow() {
            send("1");
            outbox.add(Item.unnumbered(UTF_8.encode("0")));

            assertThat(cursor(take(outbox)).number()).isEqualTo(1);
        }

        @Test
        void repeatsWhatFollowsAKnownPosition() {
            var cursor = cursor(send("1"));
            send("2", "3");
            int told = ears.ready.get();

            assertThat(outbox.replayAfter(cursor.instance(), cursor.number())).isTrue();

            assertThat(ears.ready).hasValue(told + 1);
            assertThat(outbox.waitingBytes()).isEqualTo(2);
            assertThat(outbox.kept()).isEqualTo(1);
            String frame = take(outbox);
            assertThat(NumberedDialect.messages(frame)).isEqualTo("2,3");
            assertThat(cursor(frame).number()).isEqualTo(3);
        }

        @Test
        void repeatsEverythingAfterTheVeryBeginning() {
            var cursor = cursor(send("1", "2"));

            assertThat(outbox.replayAfter(cursor.instance(), 0)).isTrue();

            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("1,2");
        }

        @Test
        void repeatsInFrontOfWhatWaits() {
            var cursor = cursor(send("1"));
            send("2");
            add(outbox, "3");

            outbox.replayAfter(cursor.instance(), 1);

            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("2,3");
        }

        @Test
        void repeatsAsOftenAsItIsAsked() {
            var cursor = cursor(send("1"));
            send("2");
            for (int i = 0; i < 3; i++) {
                assertThat(outbox.replayAfter(cursor.instance(), 1)).isTrue();
                assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("2");
                outbox.handedOver(true);
            }
            assertThat(outbox.kept()).isEqualTo(2);
        }

        @Test
        void repeatsNothingForAClientThatHasEverything() {
            var cursor = cursor(send("1", "2"));

            assertThat(outbox.replayAfter(cursor.instance(), 2)).isTrue();

            assertThat(outbox.take()).isNull();
        }

        @Test
        void repeatsNothingAfterAPositionOfAnotherOutbox() {
            send("1", "2");

            assertThat(outbox.replayAfter("another", 1)).isFalse();

            assertThat(outbox.take()).isNull();
        }

        @Test
        void repeatsNothingAfterAPositionThatIsNoLongerKept() {
            var cursor = cursor(send("1"));
            send("2", "3", "4", "5");

            assertThat(outbox.kept()).isEqualTo(3);
            assertThat(outbox.replayAfter(cursor.instance(), 1)).isFalse();
            assertThat(outbox.replayAfter(cursor.instance(), 2)).isTrue();
            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("3,4,5");
        }

        @Test
        void repeatsNothingAfterAPositionThatWasNeverReached() {
            var cursor = cursor(send("1"));
            add(outbox, "2");

            assertThat(outbox.replayAfter(cursor.instance(), 2)).isFalse();
            assertThat(outbox.replayAfter(cursor.instance(), 99)).isFalse();

            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("2");
        }

        @Test
        void givesNothingTwiceThatArrivedAlthoughTheTransportFailed() {
            add(outbox, "1", "2");
            var cursor = cursor(take(outbox));
            outbox.handedOver(false);
            add(outbox, "3");

            assertThat(outbox.replayAfter(cursor.instance(), cursor.number())).isTrue();

            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("3");
        }

        @Test
        void neverRepeatsWhatIsUnnumbered() {
            var cursor = cursor(send("1"));
            outbox.add(Item.unnumbered(UTF_8.encode("ping")));
            add(outbox, "2");
            take(outbox);
            outbox.handedOver(true);

            outbox.replayAfter(cursor.instance(), 1);

            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("2");
        }

        @Test
        void forgetsWhatHasArrived() {
            var cursor = cursor(send("1", "2", "3"));

            outbox.arrived(2);

            assertThat(outbox.kept()).isEqualTo(1);
            assertThat(outbox.replayAfter(cursor.instance(), 1)).isFalse();
            assertThat(outbox.replayAfter(cursor.instance(), 2)).isTrue();
            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("3");
        }

        @Test
        void toleratesThatMoreHasArrivedThanWasSent() {
            send("1", "2");

            outbox.arrived(99);

            assertThat(outbox.kept()).isZero();
            add(outbox, "3");
            assertThat(NumberedDialect.messages(take(outbox))).isEqualTo("3");
        }

        @Test
        void isNamedDifferentlyFromAnyOther() {
            var other = new Outbox(outbox.dialect(), new Outbox.Limits(1000, 2000, 500, 3), ears);
            add(other, "1");

            assertThat(cursor(take(other)).instance())
                    .isNotEqualTo(cursor(send("1")).instance());
        }

        private String send(String... messages) {
            add(outbox, messages);
            String frame = take(outbox);
            outbox.handedOver(true);
            return frame;
        }
    }

    @Nested
    class AnItem {

        @Test
        void isACallInTheWordsOfTheDialect() {
            var item = Item.of(Message.Call.of("add", 1, 2), new NumberedDialect(1));
            var outbox = outbox(10, 20, 50);
            outbox.add(Objects.requireNonNull(item));

            assertThat(take(outbox)).isEqualTo("{\"M\":\"add\",\"A\":[1,2]}");
        }

        @Test
        void isWhatAnotherNodeEncodedForTheDialect() {
            var message = new Message.Encoded(Map.of("numbered", UTF_8.encode("there")));
            var outbox = outbox(10, 20, 50);
            outbox.add(Objects.requireNonNull(Item.of(message, new NumberedDialect(1))));

            assertThat(take(outbox)).isEqualTo("there");
        }

        @Test
        void isNothingWhenNobodyEncodedItForTheDialect() {
            var message = new Message.Encoded(Map.of("another", UTF_8.encode("there")));

            assertThat(Item.of(message, new NumberedDialect(1))).isNull();
        }
    }

    @Nested
    class UnderStress {

        @Test
        void losesNothingAndKeepsTheOrderOfEachSenderWhenWritesFail() throws InterruptedException {
            int senders = 4;
            int each = 2_000;
            var woken = new Semaphore(0);
            var outbox = new Outbox(
                    new WordsDialect("."), new Outbox.Limits(1 << 20, 1 << 24, 64, 0), new Outbox.Listener() {
                        @Override
                        public void ready() {
                            woken.release();
                        }

                        @Override
                        public void overflowed(long bytes) {
                            throw new AssertionError("overflowed");
                        }
                    });
            var seen = new ArrayList<String>();
            var reader = Thread.startVirtualThread(() -> {
                var random = new Random(7);
                while (seen.size() < senders * each && await(woken)) {
                    for (ByteBuffer frame = outbox.take(); frame != null; frame = outbox.take()) {
                        boolean written = random.nextInt(4) > 0;
                        if (written) {
                            seen.addAll(List.of(UTF_8.decode(frame).toString().split("\\.", -1)));
                        }
                        outbox.handedOver(written);
                    }
                }
            });
            for (int sender = 0; sender < senders; sender++) {
                String name = "abcd".substring(sender, sender + 1);
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        add(outbox, name + i);
                    }
                });
            }
            reader.join();

            assertThat(seen).hasSize(senders * each);
            for (int sender = 0; sender < senders; sender++) {
                String name = "abcd".substring(sender, sender + 1);
                assertThat(seen.stream().filter(message -> message.startsWith(name)))
                        .containsExactlyElementsOf(
                                IntStream.range(0, each).mapToObj(i -> name + i).toList());
            }
            assertThat(outbox.waitingBytes()).isZero();
        }

        @Test
        void wakesEverySenderThatWaitsForRoom() throws InterruptedException {
            int senders = 4;
            int each = 2_000;
            var outbox = outbox(16, 1 << 20, 64);
            var left = new AtomicInteger(senders);
            for (int i = 0; i < senders; i++) {
                Thread.startVirtualThread(() -> {
                    for (int n = 0; n < each; n++) {
                        add(outbox, "12345");
                        outbox.room().toCompletableFuture().join();
                    }
                    left.decrementAndGet();
                });
            }
            long most = 0;
            while (left.get() > 0 || outbox.waitingBytes() > 0) {
                most = Math.max(most, outbox.waitingBytes());
                if (outbox.take() == null) {
                    Thread.yield();
                } else {
                    outbox.handedOver(true);
                }
            }
            assertThat(most).isLessThanOrEqualTo(16 + senders * 5L);
        }

        private static boolean await(Semaphore woken) {
            try {
                return woken.tryAcquire(5, TimeUnit.SECONDS);
            } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
        }
    }

    private Outbox outbox(long soft, long hard, int frame) {
        return new Outbox(new WordsDialect("."), new Outbox.Limits(soft, hard, frame, 0), ears);
    }

    private static void add(Outbox outbox, String... messages) {
        for (String message : messages) {
            outbox.add(Item.numbered(UTF_8.encode(message)));
        }
    }

    private static String take(Outbox outbox) {
        ByteBuffer frame = outbox.take();
        assertThat(frame).isNotNull();
        return UTF_8.decode(Objects.requireNonNull(frame)).toString();
    }

    private static Cursor cursor(String frame) {
        return NumberedDialect.cursor(frame);
    }

    private static final class Ears implements Outbox.Listener {

        private final AtomicInteger ready = new AtomicInteger();
        private final AtomicLong overflowed = new AtomicLong();

        @Override
        public void ready() {
            ready.incrementAndGet();
        }

        @Override
        public void overflowed(long bytes) {
            overflowed.set(bytes);
        }
    }
}
