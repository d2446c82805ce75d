package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FakeClockTest {

    private final FakeClock clock = new FakeClock();
    private final List<String> order = new ArrayList<>();

    @Test
    void runsWhatIsDueInItsOrderEachAtItsTime() {
        clock.schedule(Duration.ofSeconds(2), () -> order.add("second at " + clock.nanoTime()));
        clock.schedule(Duration.ofSeconds(1), () -> order.add("first at " + clock.nanoTime()));
        clock.schedule(Duration.ofSeconds(4), () -> order.add("never"));
        clock.advance(Duration.ofSeconds(3));

        assertThat(order).containsExactly("first at 1000000000", "second at 2000000000");
        assertThat(clock.nanoTime()).isEqualTo(3_000_000_000L);
        assertThat(clock.waiting()).isEqualTo(1);
    }

    @Test
    void keepsTheOrderOfWhatIsDueAtTheSameTime() {
        for (String name : List.of("a", "b", "c")) {
            clock.schedule(Duration.ofSeconds(1), () -> order.add(name));
        }
        clock.advance(Duration.ofSeconds(1));

        assertThat(order).containsExactly("a", "b", "c");
    }

    @Test
    void runsWhatATaskSchedulesIfItIsDueOnTheWay() {
        clock.schedule(Duration.ofSeconds(1), () -> {
            order.add("outer");
            clock.schedule(Duration.ofSeconds(1), () -> order.add("inner"));
            clock.schedule(Duration.ofSeconds(2), () -> order.add("later"));
        });
        clock.advance(Duration.ofMillis(2500));

        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void forgetsWhatIsCancelled() {
        Scheduler.Timer timer = clock.schedule(Duration.ofSeconds(1), () -> order.add("never"));
        timer.cancel();
        timer.cancel();
        clock.advance(Duration.ofSeconds(2));

        assertThat(order).isEmpty();
    }
}
