package io.hubwire.server.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeEngine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HandOverTest {

    private final FakeEngine.Loop loop = new FakeEngine().loop();
    private final HandOver handOver = new HandOver(loop);

    @Test
    void startsNothingBeforeTheTurnIsOver() {
        var ran = new AtomicInteger();

        handOver.start(ran::incrementAndGet);
        handOver.start(ran::incrementAndGet);

        assertThat(ran).hasValue(0);
        assertThat(loop.executed()).isEqualTo(1);
    }

    @Test
    void runsALaneOnAVirtualThread() {
        var thread = new CompletableFuture<Thread>();

        handOver.start(() -> thread.complete(Thread.currentThread()));
        loop.turn();

        assertThat(thread.join().isVirtual()).isTrue();
    }

    @Test
    void runsEveryLaneOfATurnOnce() throws InterruptedException {
        for (int lanes : List.of(1, 2, 3, 10, 1_000)) {
            var ran = new CopyOnWriteArrayList<Integer>();
            var left = new CountDownLatch(lanes);
            for (int i = 0; i < lanes; i++) {
                int lane = i;
                handOver.start(() -> {
                    ran.add(lane);
                    left.countDown();
                });
            }
            loop.turn();

            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ran).doesNotHaveDuplicates().hasSize(lanes);
        }
    }

    @Test
    void letsNoLaneThatBlocksHoldUpTheOthers() throws InterruptedException {
        int lanes = 50;
        var never = new CompletableFuture<Void>();
        var left = new CountDownLatch(lanes / 2);
        for (int i = 0; i < lanes; i++) {
            boolean blocks = i % 2 == 0;
            handOver.start(() -> {
                if (blocks) {
                    never.join();
                } else {
                    left.countDown();
                }
            });
        }
        loop.turn();

        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        never.complete(null);
    }

    @Test
    void runsTheLanesBehindOneThatFails() throws InterruptedException {
        var left = new CountDownLatch(3);
        for (int i = 0; i < 6; i++) {
            boolean fails = i % 2 == 0;
            handOver.start(() -> {
                if (fails) {
                    throw new IllegalStateException("on purpose");
                }
                left.countDown();
            });
        }
        loop.turn();

        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsNoTurnWaitForTheOneBefore() throws InterruptedException {
        var never = new CompletableFuture<Void>();
        var left = new CountDownLatch(2);
        handOver.start(never::join);
        handOver.start(never::join);
        loop.turn();

        handOver.start(left::countDown);
        handOver.start(left::countDown);
        loop.turn();

        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        never.complete(null);
    }
}
