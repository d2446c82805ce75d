package io.hubwire.server.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MailboxTest {

    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger roomAgain = new AtomicInteger();

    /** Lanes that were asked for and not started yet, for tests that start them by hand. */
    private final ConcurrentLinkedQueue<Runnable> lanes = new ConcurrentLinkedQueue<>();

    @Nested
    class WithOneLane {

        private final Mailbox mailbox = mailbox(1, 0);

        @Test
        void runsCallsInTheOrderTheyCame() {
            for (int i = 0; i < 100; i++) {
                mailbox.offer(call("call " + i), false);
            }

            awaitSeen(100);

            assertThat(seen).containsExactlyElementsOf(numbered("call ", 100));
        }

        @Test
        void holdsTheLaneUntilTheStageOfACallIsDone() {
            var stage = new CompletableFuture<Void>();
            mailbox.offer(call("first", () -> stage), false);
            mailbox.offer(call("second"), false);
            awaitSeen(1);

            assertThat(mailbox.windDown().toCompletableFuture()).isNotDone();
            assertThat(seen).containsExactly("first");

            stage.complete(null);
            awaitSeen(2);
        }

        @Test
        void goesOnAfterAStageThatFails() {
            mailbox.offer(call("first", () -> CompletableFuture.failedFuture(new IllegalStateException("no"))), false);
            mailbox.offer(call("second"), false);

            awaitSeen(2);
        }

        @Test
        void goesOnOnAnotherThreadThanTheOneThatCompletesAStage() {
            var stage = new CompletableFuture<Void>();
            var second = new CompletableFuture<Thread>();
            mailbox.offer(call("first", () -> stage), false);
            mailbox.offer(
                    call("second", () -> {
                        second.complete(Thread.currentThread());
                        return null;
                    }),
                    false);
            awaitSeen(1);

            stage.complete(null);

            assertThat(second.join()).isNotSameAs(Thread.currentThread());
            assertThat(second.join().isVirtual()).isTrue();
        }

        @Test
        void letsTheCallBehindAnswerFirstWhenACallGivesUpItsLane() {
            var answer = new CompletableFuture<Void>();
            var asking = new AskingCall(mailbox, answer);
            mailbox.offer(asking, false);
            mailbox.offer(call("behind"), false);

            awaitSeen(2);
            assertThat(seen).containsExactly("asks", "behind");

            answer.complete(null);
            awaitSeen(3);
            assertThat(seen).containsExactly("asks", "behind", "answered");
        }

        @Test
        void hasStillOneLaneAfterACallGaveUpItsOwnTwiceAndEnded() throws InterruptedException {
            var answer = new CompletableFuture<Void>();
            var asking = new AskingCall(mailbox, answer);
            mailbox.offer(asking, false);
            awaitSeen(1);
            mailbox.giveUpLane(asking);
            answer.complete(null);
            awaitSeen(2);
            mailbox.giveUpLane(asking);

            assertNeverTwoAtOnce(mailbox);
        }

        @Test
        void losesNoLaneToACallThatGivesItUpAfterItsEnd() {
            var byHand = new Mailbox(1, 0, new ByHand());
            var ended = call("ended");
            byHand.offer(ended, false);
            lanes.remove().run();

            byHand.giveUpLane(ended);
            byHand.offer(call("first"), false);
            byHand.offer(call("second"), false);

            assertThat(lanes).hasSize(1);
        }

        @Test
        void startsEachCallWithoutTheInterruptOfTheOneBefore() {
            var byHand = new Mailbox(1, 0, new ByHand());
            byHand.offer(call(() -> Thread.currentThread().interrupt()), false);
            byHand.offer(
                    call(() -> seen.add("interrupted: " + Thread.currentThread().isInterrupted())), false);

            lanes.remove().run();

            assertThat(seen).containsExactly("interrupted: false");
        }
    }

    @Nested
    class WithSeveralLanes {

        @Test
        void runsAsManyCallsAtOnceAsThereAreLanes() throws InterruptedException {
            var mailbox = mailbox(3, 0);
            var running = new CountDownLatch(3);
            var goOn = new CountDownLatch(1);
            for (int i = 0; i < 4; i++) {
                mailbox.offer(
                        call("call " + i, () -> {
                            running.countDown();
                            uninterruptibly(goOn);
                            return null;
                        }),
                        false);
            }

            assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).containsExactlyInAnyOrder("call 0", "call 1", "call 2");

            goOn.countDown();
            awaitSeen(4);
        }

        @Test
        void asksForNoMoreLanesThanThereAre() {
            var mailbox = new Mailbox(2, 0, new ByHand());

            for (int i = 0; i < 5; i++) {
                mailbox.offer(call("call " + i), false);
            }

            assertThat(lanes).hasSize(2);
            lanes.forEach(Runnable::run);
            assertThat(seen).containsExactlyElementsOf(numbered("call ", 5));
        }
    }

    @Nested
    class CallsThatReturnAtOnce {

        private final Mailbox mailbox = new Mailbox(1, 0, new ByHand());

        @Test
        void runOnTheReadersThreadWhenNothingIsGoingOn() {
            var thread = new CompletableFuture<Thread>();
            mailbox.offer(
                    call("here", () -> {
                        thread.complete(Thread.currentThread());
                        return null;
                    }),
                    true);

            assertThat(thread).isCompletedWithValue(Thread.currentThread());
            assertThat(lanes).isEmpty();
        }

        @Test
        void waitBehindCallsThatWait() {
            mailbox.offer(call("first"), false);
            mailbox.offer(call("second"), true);
            assertThat(seen).isEmpty();

            lanes.remove().run();

            assertThat(seen).containsExactly("first", "second");
        }

        @Test
        void runOnTheReadersThreadAgainOnceTheOthersHaveEnded() {
            mailbox.offer(call("first"), false);
            lanes.remove().run();

            mailbox.offer(call("second"), true);

            assertThat(seen).containsExactly("first", "second");
        }

        @Test
        void holdALaneUntilTheirStageIsDone() {
            var stage = new CompletableFuture<Void>();
            mailbox.offer(call("first", () -> stage), true);
            mailbox.offer(call("second"), true);
            assertThat(lanes).isEmpty();
            assertThat(seen).containsExactly("first");

            stage.complete(null);

            awaitSeen(2);
        }

        @Test
        void mayGiveUpTheLaneThatTheyDoNotHoldYet() {
            var answer = new CompletableFuture<Void>();
            mailbox.offer(new AskingCall(mailbox, answer), true);
            mailbox.offer(call("behind"), false);

            lanes.remove().run();

            assertThat(seen).containsExactly("asks", "behind");
            answer.complete(null);
            assertThat(seen).containsExactly("asks", "behind", "answered");
        }

        @Test
        void runNoMoreOnceTheMailboxIsShut() {
            mailbox.shut();

            mailbox.offer(call("late"), true);

            assertThat(seen).isEmpty();
        }
    }

    @Nested
    class Full {

        private final Mailbox mailbox = new Mailbox(1, 100, new ByHand());

        @Test
        void isWhatHoldsAsManyBytesAsItMay() {
            mailbox.offer(call("first", 99), false);
            assertThat(mailbox.isFull()).isFalse();

            mailbox.offer(call("second", 1), false);
            assertThat(mailbox.isFull()).isTrue();
        }

        @Test
        void endsWhenHalfIsTaken() {
            mailbox.offer(call("first", 40), false);
            mailbox.offer(
                    call("second", 10, () -> {
                        seen.add("room " + roomAgain);
                        return null;
                    }),
                    false);
            mailbox.offer(call("third", 50), false);

            lanes.remove().run();

            assertThat(seen).containsExactly("first", "second", "room 1", "third");
            assertThat(roomAgain).hasValue(1);
            assertThat(mailbox.isFull()).isFalse();
        }

        @Test
        void neverIsWithoutALimit() {
            var unlimited = new Mailbox(1, 0, new ByHand());

            unlimited.offer(call("first", Integer.MAX_VALUE), false);

            assertThat(unlimited.isFull()).isFalse();
        }
    }

    @Nested
    class AtTheEnd {

        private final Mailbox mailbox = new Mailbox(1, 100, new ByHand());

        @Test
        void shuttingForgetsWhatWaits() {
            mailbox.offer(call("first", 60), false);
            mailbox.offer(call("second", 60), false);

            mailbox.shut();
            mailbox.offer(call("third"), false);
            lanes.forEach(Runnable::run);

            assertThat(seen).isEmpty();
            assertThat(mailbox.isFull()).isFalse();
        }

        @Test
        void shuttingLetsWhatRunsGoOn() {
            var stage = new CompletableFuture<Void>();
            mailbox.offer(call("first", () -> stage), false);
            mailbox.offer(call("second"), false);
            lanes.remove().run();

            mailbox.shut();
            stage.complete(null);

            assertThat(seen).containsExactly("first");
            assertThat(mailbox.windDown().toCompletableFuture()).isDone();
        }

        @Test
        void windingDownIsDoneAtOnceWhenNothingIsGoingOn() {
            assertThat(mailbox.windDown().toCompletableFuture()).isDone();
        }

        @Test
        void windingDownRunsWhatWaitsAndTakesNothingMore() {
            var stage = new CompletableFuture<Void>();
            mailbox.offer(call("first"), false);
            mailbox.offer(call("second", () -> stage), false);

            var down = mailbox.windDown().toCompletableFuture();
            mailbox.offer(call("late"), false);
            lanes.remove().run();

            assertThat(seen).containsExactly("first", "second");
            assertThat(down).isNotDone();
            stage.complete(null);
            assertThat(down).isDone();
        }

        @Test
        void windingDownIsDoneWhenTheRestIsForgotten() {
            mailbox.offer(call("first"), false);
            var down = mailbox.windDown().toCompletableFuture();

            mailbox.shut();

            assertThat(down).isDone();
        }
    }

    @Nested
    class WhatFollows {

        private final Mailbox mailbox = new Mailbox(1, 0, new ByHand());

        @Test
        void followsAtOnceWhenNothingWaits() {
            mailbox.afterWaiting(() -> seen.add("after"));

            assertThat(seen).containsExactly("after");
        }

        @Test
        void doesNotWaitForTheCallThatRuns() {
            var stage = new CompletableFuture<Void>();
            mailbox.offer(call("first", () -> stage), false);
            lanes.remove().run();

            mailbox.afterWaiting(() -> seen.add("after"));

            assertThat(seen).containsExactly("first", "after");
        }

        @Test
        void followsWhenTheLastCallThatWaitsHasStarted() {
            var stage = new CompletableFuture<Void>();
            mailbox.offer(call("first"), false);
            mailbox.offer(call("second", () -> stage), false);

            mailbox.afterWaiting(() -> seen.add("after"));
            assertThat(seen).isEmpty();
            lanes.remove().run();

            awaitSeen(3);
            assertThat(seen).startsWith("first").contains("second", "after");
        }

        @Test
        void isForgottenWithTheCallsBeforeIt() {
            mailbox.offer(call("first"), false);
            mailbox.afterWaiting(() -> seen.add("after"));

            mailbox.shut();
            lanes.forEach(Runnable::run);

            assertThat(seen).isEmpty();
        }
    }

    @Nested
    class UnderStress {

        @Test
        void neverRunsTwoCallsAtOnceWithOneLane() throws InterruptedException {
            assertNeverTwoAtOnce(mailbox(1, 0));
        }

        @Test
        void holdsTheLaneOfACallThatBeginsOnTheReaderJustWhenAnotherEnds() throws InterruptedException {
            var mailbox = mailbox(1, 0);
            var together = new AtomicInteger();
            for (int i = 0; i < 5_000; i++) {
                var ended = new AtomicBoolean();
                mailbox.offer(call(() -> ended.set(true)), false);
                while (!ended.get()) {
                    Thread.onSpinWait();
                }
                var stage = new CompletableFuture<Void>();
                mailbox.offer(call("staged", () -> stage), true);
                var last = new CountDownLatch(1);
                mailbox.offer(
                        call(() -> {
                            together.addAndGet(stage.isDone() ? 0 : 1);
                            last.countDown();
                        }),
                        true);
                Thread.yield();
                stage.complete(null);
                last.await();
            }
            assertThat(together).hasValue(0);
        }

        @Test
        void losesNoCallWithSeveralLanesThatAreGivenUp() throws InterruptedException {
            int count = 4_000;
            var mailbox = mailbox(3, 0);
            var random = new Random(42);
            var left = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                boolean asks = random.nextInt(4) == 0;
                boolean returnsAtOnce = random.nextBoolean();
                mailbox.offer(
                        new Mailbox.Call(1) {
                            @Override
                            protected @Nullable CompletionStage<?> run() {
                                if (asks) {
                                    mailbox.giveUpLane(this);
                                }
                                left.countDown();
                                return null;
                            }
                        },
                        returnsAtOnce);
            }

            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
            await().until(() -> mailbox.windDown().toCompletableFuture().isDone());
        }

        @Test
        void tellsAboutRoomOftenEnoughForAReaderThatStopsWhenItIsFull() throws InterruptedException {
            int count = 10_000;
            var left = new CountDownLatch(count);
            var reader = new StoppingReader(count, left);

            reader.read();

            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(reader.most).isLessThanOrEqualTo(8 + 1);
        }
    }

    /** Offers calls until the mailbox is full, and goes on when it says so: as a connection does. */
    private static final class StoppingReader implements Mailbox.Reader {

        private final Mailbox mailbox = new Mailbox(1, 8, this);
        private final AtomicBoolean stuck = new AtomicBoolean();
        private final AtomicInteger waiting = new AtomicInteger();
        private final CountDownLatch left;
        private int unread;
        private volatile int most;

        StoppingReader(int count, CountDownLatch left) {
            this.unread = count;
            this.left = left;
        }

        void read() {
            do {
                while (unread > 0 && !mailbox.isFull()) {
                    unread--;
                    most = Math.max(most, waiting.incrementAndGet());
                    mailbox.offer(new Counting(), false);
                }
                if (unread == 0) {
                    return;
                }
                stuck.set(true);
            } while (!mailbox.isFull() && stuck.compareAndSet(true, false));
        }

        @Override
        public void startLane(Mailbox lane) {
            Thread.startVirtualThread(lane);
        }

        @Override
        public void roomAgain() {
            if (stuck.compareAndSet(true, false)) {
                read();
            }
        }

        private final class Counting extends Mailbox.Call {

            Counting() {
                super(1);
            }

            @Override
            protected @Nullable CompletionStage<?> run() {
                waiting.decrementAndGet();
                left.countDown();
                return null;
            }
        }
    }

    /** Mixes calls of every kind: on the reader, on lanes, with stages that others complete. */
    private static void assertNeverTwoAtOnce(Mailbox mailbox) throws InterruptedException {
        int count = 20_000;
        var random = new Random(1);
        var running = new AtomicInteger();
        var together = new AtomicInteger();
        var left = new CountDownLatch(count);
        var unfinished = new ConcurrentLinkedQueue<CompletableFuture<Void>>();
        var completing = new AtomicBoolean(true);
        var completer = Thread.startVirtualThread(() -> {
            while (completing.get() || !unfinished.isEmpty()) {
                var stage = unfinished.poll();
                if (stage == null) {
                    Thread.yield();
                } else {
                    stage.complete(null);
                }
            }
        });
        for (int i = 0; i < count; i++) {
            boolean staged = random.nextInt(3) == 0;
            mailbox.offer(
                    new Mailbox.Call(1) {
                        @Override
                        protected @Nullable CompletionStage<?> run() {
                            if (running.incrementAndGet() > 1) {
                                together.incrementAndGet();
                            }
                            if (!staged) {
                                return ended();
                            }
                            var stage = new CompletableFuture<Void>();
                            unfinished.add(stage);
                            return stage.whenComplete((value, error) -> ended());
                        }

                        private @Nullable CompletionStage<?> ended() {
                            running.decrementAndGet();
                            left.countDown();
                            return null;
                        }
                    },
                    random.nextInt(3) > 0);
            if (random.nextInt(8) == 0) {
                Thread.yield();
            }
        }
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        completing.set(false);
        completer.join();
        assertThat(together).hasValue(0);
    }

    private Mailbox mailbox(int lanes, long maximumBytes) {
        return new Mailbox(lanes, maximumBytes, new OnVirtualThreads());
    }

    private Mailbox.Call call(String name) {
        return call(name, 1, () -> null);
    }

    private Mailbox.Call call(String name, int bytes) {
        return call(name, bytes, () -> null);
    }

    private static Mailbox.Call call(Runnable body) {
        return new Mailbox.Call(1) {
            @Override
            protected @Nullable CompletionStage<?> run() {
                body.run();
                return null;
            }
        };
    }

    private Mailbox.Call call(String name, Supplier<@Nullable CompletionStage<?>> body) {
        return call(name, 1, body);
    }

    private Mailbox.Call call(String name, int bytes, Supplier<@Nullable CompletionStage<?>> body) {
        return new Mailbox.Call(bytes) {
            @Override
            protected @Nullable CompletionStage<?> run() {
                seen.add(name);
                return body.get();
            }
        };
    }

    private void awaitSeen(int count) {
        await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> seen.size() >= count);
        assertThat(seen).hasSize(count);
    }

    private static List<String> numbered(String prefix, int count) {
        var names = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            names.add(prefix + i);
        }
        return names;
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** A call that asks its own client, and is over when that has answered. */
    private final class AskingCall extends Mailbox.Call {

        private final Mailbox mailbox;
        private final CompletionStage<Void> answer;

        AskingCall(Mailbox mailbox, CompletionStage<Void> answer) {
            super(1);
            this.mailbox = mailbox;
            this.answer = answer;
        }

        @Override
        protected CompletionStage<?> run() {
            seen.add("asks");
            mailbox.giveUpLane(this);
            return answer.thenRun(() -> seen.add("answered"));
        }
    }

    private class OnVirtualThreads implements Mailbox.Reader {

        @Override
        public void startLane(Mailbox mailbox) {
            Thread.startVirtualThread(mailbox);
        }

        @Override
        public void roomAgain() {
            roomAgain.incrementAndGet();
        }
    }

    private final class ByHand extends OnVirtualThreads {

        @Override
        public void startLane(Mailbox mailbox) {
            lanes.add(mailbox);
        }
    }
}
