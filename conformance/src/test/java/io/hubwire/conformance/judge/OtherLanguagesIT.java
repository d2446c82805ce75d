package io.hubwire.conformance.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.conformance.Conformance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Clients in Python and Rust: each check of theirs is one here. {@code ./verify --all} runs them. */
@Tag("other-languages")
class OtherLanguagesIT {

    private static final Path CLIENTS = Path.of("clients").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @TestFactory
    Stream<DynamicTest> agreesWithPysignalr() throws IOException, InterruptedException {
        return judged(12, "python", "check_pysignalr.py");
    }

    @TestFactory
    Stream<DynamicTest> agreesWithSignalrcore() throws IOException, InterruptedException {
        return judged(24, "python", "check_signalrcore.py");
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheRustClient() throws IOException, InterruptedException {
        return judged(10, "rust");
    }

    private static Stream<DynamicTest> judged(int checks, String language, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new CopyOnWriteArrayList<>(arguments);
        command.addFirst(CLIENTS.resolve(language).resolve("run").toString());
        List<String> output = new CopyOnWriteArrayList<>();
        List<Verdict> verdicts = new CopyOnWriteArrayList<>();
        int status;
        try (Conformance application = Conformance.start(0, Path.of("js/node_modules"))) {
            ProcessBuilder judge = new ProcessBuilder(command).redirectErrorStream(true);
            judge.environment().put("HUBWIRE_APPLICATION", "http://127.0.0.1:" + application.port());
            status = Verdict.run(
                    judge, PATIENCE, line -> Verdict.read(line).ifPresentOrElse(verdicts::add, () -> output.add(line)));
        }
        DynamicTest whole = DynamicTest.dynamicTest("every check is there", () -> {
            assertThat(status).as(String.join("\n", output)).isZero();
            assertThat(verdicts).as(String.join("\n", output)).hasSize(checks);
        });
        return Stream.concat(verdicts.stream().map(Verdict::test), Stream.of(whole));
    }
}
