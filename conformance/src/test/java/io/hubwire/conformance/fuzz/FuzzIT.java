package io.hubwire.conformance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.management.UnixOperatingSystemMXBean;
import io.hubwire.conformance.Conformance;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.slf4j.LoggerFactory;

/** Clients that break everything they send, a fixed number of them, while one behaves and must not notice. */
class FuzzIT {

    private static final int ROUNDS = 1_500;
    private static final int AT_ONCE = 8;

    private final Errors errors = new Errors();
    private final Conformance conformance = Conformance.start(0, Path.of("js/node_modules"));
    private final InetSocketAddress server =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), conformance.port());

    @BeforeEach
    void listen() {
        errors.start();
        root().addAppender(errors);
    }

    @AfterEach
    void stop() {
        root().detachAppender(errors);
        conformance.close();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void nobodyNoticesWhatOthersBreakAndNothingOfItStays(TestReporter reporter) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        reporter.publishEntry("seed", Long.toString(seed));
        System.out.println("fuzzing with -Dseed=" + seed);
        long files = openFiles();
        try (WellBehaved wellBehaved = WellBehaved.connect(server);
                ExecutorService breakers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> rounds = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                Round round = new Round(seed + i, server);
                rounds.add(breakers.submit(() -> {
                    round.play();
                    return null;
                }));
            }
            for (int i = 0; i < ROUNDS; i++) {
                int number = i;
                assertThat(rounds.get(i))
                        .as(() -> "round " + number + " of seed " + seed)
                        .succeedsWithin(Duration.ofMinutes(1));
            }
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> conformance.golden().connectionCount() == 0);
            await().atMost(Duration.ofSeconds(10)).until(() -> openFiles() <= files + AT_ONCE);
            assertThat(wellBehaved.calls())
                    .as("calls that were answered meanwhile")
                    .isPositive();
        }
        assertThat(errors.messages).as("seed " + seed).isEmpty();
    }

    /** How many files and sockets this process has open, where the system tells. */
    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /** Keeps what was logged as our own fault. */
    private static final class Errors extends AppenderBase<ILoggingEvent> {

        private final Queue<String> messages = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                messages.add(event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : " " + event.getThrowableProxy().getClassName() + ": "
                                        + event.getThrowableProxy().getMessage()));
            }
        }
    }
}
