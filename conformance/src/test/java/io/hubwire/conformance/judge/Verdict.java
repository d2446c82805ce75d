package io.hubwire.conformance.judge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a judge says about one test, as a line of its output.
 *
 * @param name the names of its suites and its own
 * @param error why it failed; empty when it passed
 */
record Verdict(String name, String error) {

    private static final String MARK = "verdict ";

    static Optional<Verdict> read(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        JsonNode verdict = JsonMapper.shared().readTree(line.substring(MARK.length()));
        return Optional.of(new Verdict(
                verdict.get("name").stringValue(), verdict.get("error").stringValue()));
    }

    DynamicTest test() {
        return DynamicTest.dynamicTest(name, () -> assertThat(error).isEmpty());
    }

    /** Lets a process run, and tells its lines; ends with an exception if it takes too long. */
    static int run(ProcessBuilder builder, Duration patience, Consumer<String> lines)
            throws IOException, InterruptedException {
        Process process = builder.start();
        Thread reading = Thread.ofVirtual()
                .start(() -> process.inputReader(UTF_8).lines().forEach(lines));
        try {
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(builder.command() + " did not end within " + patience);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            reading.join();
        }
        return process.exitValue();
    }
}
