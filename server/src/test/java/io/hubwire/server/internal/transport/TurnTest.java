package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakeEngine;
import io.hubwire.server.fixture.ThreadLoop;
import io.hubwire.server.spi.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnTest {

    private final FakeEngine engine = new FakeEngine();
    private final FakeEngine.Loop loop = engine.loop();
    private final Turn turn = new Turn(loop);

    @Test
    void wakesTheLoopOnceForAllWhoAreMarked() {
        List<Counter> takers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            takers.add(new Counter(turn));
        }

        for (int round = 0; round < 10; round++) {
            takers.forEach(Turn.Taker::mark);
        }

        assertThat(loop.executed()).isEqualTo(1);
        engine.settle();
        assertThat(takers).allSatisfy(taker -> assertThat(taker.turns).isEqualTo(1));
    }

    @Test
    void servesInTheOrderOfMarking() {
        List<String> served = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            new Turn.Taker(turn) {
                @Override
                void takeTurn() {
                    served.add(name);
                }
            }.mark();
        }

        engine.settle();

        assertThat(served).containsExactly("a", "b", "c");
    }

    @Test
    void leavesToTheNextTurnWhoIsMarkedInThisOne() {
        Counter other = new Counter(turn);
        Counter eager = new Counter(turn) {
            @Override
            void takeTurn() {
                super.takeTurn();
                if (turns < 3) {
                    mark();
                    other.mark();
                }
            }
        };

        eager.mark();
        loop.turn();
        assertThat(eager.turns).isEqualTo(1);
        assertThat(other.turns).isZero();

        engine.settle();
        assertThat(eager.turns).isEqualTo(3);
        assertThat(other.turns).isEqualTo(1);
    }

    @Test
    void servesTheOthersWhenOneThrows() {
        new Turn.Taker(turn) {
            @Override
            void takeTurn() {
                throw new IllegalStateException("on purpose");
            }
        }.mark();
        Counter other = new Counter(turn);
        other.mark();

        engine.settle();

        assertThat(other.turns).isEqualTo(1);
    }

    @Test
    void followsWhoHasMoved() {
        FakeEngine.Loop elsewhere = engine.loop();
        Counter taker = new Counter(turn);
        taker.mark();

        taker.moveTo(new Turn(elsewhere));
        engine.settle();

        assertThat(taker.turns).isEqualTo(1);
        assertThat(taker.currentLoop()).isSameAs(elsewhere);
        taker.mark();
        engine.settle();
        assertThat(taker.turns).isEqualTo(2);
    }

    @Test
    void doesNotMindAnEngineThatHasStopped() {
        EventLoop stopped = new EventLoop() {
            @Override
            public boolean isCurrent() {
                return false;
            }

            @Override
            public void execute(Runnable task) {
                throw new RejectedExecutionException("stopped");
            }
        };

        Counter taker = new Counter(new Turn(stopped));
        taker.mark();

        assertThat(taker.turns).isZero();
    }

    @Test
    void isTheSameForTheSameLoop() {
        Turns turns = new Turns();

        assertThat(turns.of(loop)).isSameAs(turns.of(loop)).isNotSameAs(turns.of(engine.loop()));
    }

    /** Markers on every side, takers that move: nobody is served twice at once, and nothing that was said is missed. */
    @Test
    void losesNoMarkAmongThreads() {
        int takers = 64;
        int marks = 20_000;
        try (ThreadLoop a = new ThreadLoop();
                ThreadLoop b = new ThreadLoop();
                ExecutorService markers = Executors.newFixedThreadPool(3)) {
            Turn[] both = {new Turn(a), new Turn(b)};
            List<Wanderer> all = new ArrayList<>();
            for (int i = 0; i < takers; i++) {
                all.add(new Wanderer(both));
            }
            for (int thread = 0; thread < 3; thread++) {
                markers.execute(() -> {
                    for (int i = 0; i < marks; i++) {
                        Wanderer taker = all.get(ThreadLocalRandom.current().nextInt(takers));
                        taker.said.incrementAndGet();
                        taker.mark();
                    }
                });
            }

            await().until(() ->
                    all.stream().mapToLong(taker -> taker.heard.get()).sum() == 3L * marks);
            assertThat(all).allSatisfy(taker -> assertThat(taker.clashes.get()).isZero());
        }
    }

    private static class Counter extends Turn.Taker {

        int turns;

        Counter(Turn turn) {
            super(turn);
        }

        @Override
        void takeTurn() {
            turns++;
        }
    }

    /** Hears what was said, and moves now and then. */
    private static final class Wanderer extends Turn.Taker {

        private final Turn[] both;
        private final AtomicLong said = new AtomicLong();
        private final AtomicLong heard = new AtomicLong();
        private final AtomicInteger clashes = new AtomicInteger();
        private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();

        Wanderer(Turn[] both) {
            super(both[0]);
            this.both = both;
        }

        @Override
        void takeTurn() {
            if (!inside.compareAndSet(null, Thread.currentThread())) {
                clashes.incrementAndGet();
            }
            if (!currentLoop().isCurrent()) {
                clashes.incrementAndGet();
            }
            heard.addAndGet(said.getAndSet(0));
            inside.set(null);
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                moveTo(both[ThreadLocalRandom.current().nextInt(2)]);
            }
        }
    }
}
