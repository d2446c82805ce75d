package io.hubwire.conformance.judge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.conformance.Conformance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Microsoft's JavaScript clients, in Node and in Chromium: each test of theirs is one here. */
class NodeJudgesIT {

    private static final Path JS = Path.of("js").toAbsolutePath();

    @TestFactory
    Stream<DynamicTest> agreeThatThisIsTheServerTheyKnow() throws IOException, InterruptedException {
        install();
        List<String> output = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        int status;
        try (Control control = new Control(JS.resolve("node_modules"));
                Conformance application = Conformance.start(0, JS.resolve("node_modules"))) {
            ProcessBuilder node = new ProcessBuilder(
                            "node", "--test", "--test-concurrency=3", "--test-reporter=./reporter.mjs")
                    .directory(JS.toFile())
                    .redirectErrorStream(true);
            node.environment().put("HUBWIRE_CONTROL", control.url());
            node.environment().put("HUBWIRE_APPLICATION", "http://127.0.0.1:" + application.port());
            node.environment().put("NO_COLOR", "1");
            status = run(node, line -> {
                Optional<Verdict> verdict = Verdict.read(line);
                verdict.ifPresentOrElse(verdicts::add, () -> output.add(line));
            });
        }
        DynamicTest whole = DynamicTest.dynamicTest(
                "node ends in peace",
                () -> assertThat(status).as(String.join("\n", output)).isZero());
        return Stream.concat(verdicts.stream().map(Verdict::test), Stream.of(whole));
    }

    private static void install() throws IOException, InterruptedException {
        if (!Files.exists(JS.resolve("node_modules/.package-lock.json"))) {
            ProcessBuilder npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                    .directory(JS.toFile())
                    .redirectErrorStream(true);
            List<String> output = new ArrayList<>();
            assertThat(run(npm, output::add)).as(String.join("\n", output)).isZero();
        }
    }

    private static int run(ProcessBuilder builder, java.util.function.Consumer<String> lines)
            throws IOException, InterruptedException {
        Process process = builder.start();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            reader.lines().forEach(lines);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
        }
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    /**
     * What the reporter says about one test.
     *
     * @param name the names of its suites and its own
     * @param error why it failed; empty when it passed
     */
    private record Verdict(String name, String error) {

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
    }
}
