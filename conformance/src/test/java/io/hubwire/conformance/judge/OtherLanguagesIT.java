package io.hubwire.conformance.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.conformance.Conformance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Clients in Python, Rust and Go: each check of theirs is one here. {@code ./verify --all} runs them, and {@code target/judges}
 * has what they say.
 */
@Tag("other-languages")
class OtherLanguagesIT {

    private static final Path CLIENTS = Path.of("clients").toAbsolutePath();
    private static final Path LOGS = Path.of("target", "judges").toAbsolutePath();
    private static final Duration TO_BUILD = Duration.ofMinutes(30);
    private static final Duration TO_JUDGE = Duration.ofMinutes(5);

    @TestFactory
    Stream<DynamicTest> agreesWithPysignalr() throws IOException, InterruptedException {
        return judged(14, "python", "check_pysignalr.py");
    }

    @TestFactory
    Stream<DynamicTest> agreesWithSignalrcore() throws IOException, InterruptedException {
        return judged(26, "python", "check_signalrcore.py");
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheRustClient() throws IOException, InterruptedException {
        return judged(11, "rust", "checks");
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheGoClient() throws IOException, InterruptedException {
        return judged(27, "go", "checks");
    }

    private static Stream<DynamicTest> judged(int checks, String language, String which)
            throws IOException, InterruptedException {
        String run = CLIENTS.resolve(language).resolve("run").toString();
        List<Verdict> verdicts = new CopyOnWriteArrayList<>();
        Path log = LOGS.resolve(language + "-" + which + ".log");
        Files.createDirectories(LOGS);
        int status;
        try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(log), true);
                Conformance application = Conformance.start(0, Path.of("js/node_modules"))) {
            status = Verdict.run(judge(application, run), TO_BUILD, lines::println);
            if (status == 0) {
                status = Verdict.run(judge(application, run, which), TO_JUDGE, line -> {
                    lines.println(line);
                    Verdict.read(line).ifPresent(verdicts::add);
                });
            }
        }
        return Stream.concat(verdicts.stream().map(Verdict::test), Stream.of(whole(checks, verdicts, status, log)));
    }

    private static ProcessBuilder judge(Conformance application, String... command) {
        ProcessBuilder judge = new ProcessBuilder(command).redirectErrorStream(true);
        judge.environment().put("HUBWIRE_APPLICATION", "http://127.0.0.1:" + application.port());
        return judge;
    }

    private static DynamicTest whole(int checks, List<Verdict> verdicts, int status, Path log) {
        return DynamicTest.dynamicTest("every check is there", () -> {
            assertThat(status).as(Files.readString(log)).isZero();
            assertThat(verdicts).as(Files.readString(log)).hasSize(checks);
        });
    }
}
