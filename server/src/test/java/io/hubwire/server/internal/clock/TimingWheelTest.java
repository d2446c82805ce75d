package io.hubwire.server.internal.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimingWheelTest {

    private final TimingWheel wheel = new TimingWheel();

    @AfterEach
    void close() {
        wheel.close();
    }

    private long runAfter(Duration delay) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        long start = wheel.nanoTime();
        wheel.schedule(delay, done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        return wheel.nanoTime() - start;
    }

    @Test
    void runsATaskNotBeforeItsTime() throws InterruptedException {
        assertThat(runAfter(Duration.ofMillis(250))).isGreaterThanOrEqualTo(250_000_000L);
        assertThat(runAfter(Duration.ZERO)).isGreaterThanOrEqualTo(0);
        assertThat(runAfter(Duration.ofSeconds(-1))).isGreaterThanOrEqualTo(0);
        assertThat(runAfter(Duration.ofMillis(150))).isGreaterThanOrEqualTo(150_000_000L);
    }

    @Test
    void runsTasksInTheOrderOfTheirTimes() {
        List<String> ran = new CopyOnWriteArrayList<>();
        wheel.schedule(Duration.ofMillis(450), () -> ran.add("late"));
        wheel.schedule(Duration.ofMillis(50), () -> ran.add("early"));
        wheel.schedule(Duration.ofMillis(250), () -> ran.add("between"));

        await().until(() -> ran.size() == 3);

        assertThat(ran).containsExactly("early", "between", "late");
    }

    @Test
    void forgetsACancelledTask() {
        AtomicInteger cancelled = new AtomicInteger();
        List<Scheduler.Timer> timers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            timers.add(wheel.schedule(Duration.ofMillis(i), cancelled::incrementAndGet));
        }
        timers.forEach(Scheduler.Timer::cancel);
        timers.forEach(Scheduler.Timer::cancel);
        AtomicInteger other = new AtomicInteger();
        wheel.schedule(Duration.ofMillis(300), other::incrementAndGet);

        await().until(() -> other.get() == 1);

        assertThat(cancelled.get()).isZero();
    }

    @Test
    void goesOnAfterATaskThatThrows() throws InterruptedException {
        wheel.schedule(Duration.ZERO, () -> {
            throw new IllegalStateException("on purpose");
        });

        assertThat(runAfter(Duration.ofMillis(150))).isPositive();
    }

    @Test
    void runsATaskThatATaskSchedules() {
        AtomicInteger ran = new AtomicInteger();
        wheel.schedule(
                Duration.ZERO,
                () -> wheel.schedule(Duration.ZERO, () -> wheel.schedule(Duration.ZERO, ran::incrementAndGet)));

        await().until(() -> ran.get() == 1);
    }

    @Test
    void takesTasksOfTheFarFuture() throws InterruptedException {
        Scheduler.Timer never = wheel.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> {});
        // The same bucket as the one below, one round of the ring later.
        AtomicInteger aRoundTooEarly = new AtomicInteger();
        wheel.schedule(Duration.ofMillis(102_500), aRoundTooEarly::incrementAndGet);

        assertThat(runAfter(Duration.ofMillis(200))).isPositive();
        assertThat(aRoundTooEarly.get()).isZero();
        never.cancel();
    }

    @Test
    void hasAThreadThatParksWhileNothingIsScheduled() throws InterruptedException {
        runAfter(Duration.ZERO);

        assertThat(awaitParkedThread().isDaemon()).isTrue();
    }

    private Thread awaitParkedThread() {
        return await().until(
                        () -> Thread.getAllStackTraces().keySet().stream()
                                .filter(each -> each.getName().equals("hubwire-clock"))
                                .filter(each -> each.getState() == Thread.State.WAITING)
                                .toList(),
                        parked -> !parked.isEmpty())
                .getFirst();
    }

    @Test
    void takesNothingAfterItWasClosed() {
        AtomicInteger ran = new AtomicInteger();
        wheel.schedule(Duration.ofMillis(50), ran::incrementAndGet);
        wheel.close();
        wheel.schedule(Duration.ZERO, ran::incrementAndGet).cancel();

        TimingWheel another = new TimingWheel();
        AtomicInteger later = new AtomicInteger();
        another.schedule(Duration.ofMillis(300), later::incrementAndGet);
        await().until(() -> later.get() == 1);
        another.close();

        assertThat(ran.get()).isZero();
    }

    @Test
    void keepsEveryTaskAmongManyThreads() throws InterruptedException {
        int threads = 4;
        int tasks = 5_000;
        AtomicInteger ran = new AtomicInteger();
        try (ExecutorService all = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                all.execute(() -> {
                    for (int i = 0; i < tasks; i++) {
                        wheel.schedule(Duration.ofMillis(i % 300), ran::incrementAndGet);
                        wheel.schedule(Duration.ofMillis(500), () -> ran.addAndGet(1_000_000))
                                .cancel();
                    }
                });
            }
        }

        await().until(() -> ran.get() >= threads * tasks);
        assertThat(runAfter(Duration.ofMillis(600))).isPositive();
        assertThat(ran.get()).isEqualTo(threads * tasks);
    }
}
