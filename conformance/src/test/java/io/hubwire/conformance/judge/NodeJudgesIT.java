package io.hubwire.conformance.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.conformance.Conformance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Microsoft's JavaScript clients, in Node and in Chromium: each test of theirs is one here. */
class NodeJudgesIT {

    private static final Path JS = Path.of("js").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Pattern ROW = Pattern.compile("› row (\\d+): ");
    private static final List<String> CLIENTS = List.of(
            "@microsoft/signalr 10.",
            "@microsoft/signalr 8.",
            "@microsoft/signalr 6.",
            "@microsoft/signalr 3.1.",
            "@aspnet/signalr 1.1.");

    @TestFactory
    Stream<DynamicTest> agreeThatThisIsTheServerTheyKnow() throws IOException, InterruptedException {
        List<String> output = new CopyOnWriteArrayList<>();
        List<Verdict> verdicts = new CopyOnWriteArrayList<>();
        int status;
        try (Control control = new Control(JS.resolve("node_modules"));
                Conformance application = Conformance.start(0, OptionalInt.of(0), JS.resolve("node_modules"));
                Conformance compressing = Conformance.compressing(JS.resolve("node_modules"))) {
            ProcessBuilder node = new ProcessBuilder(
                            "node", "--test", "--test-concurrency=3", "--test-reporter=./reporter.mjs")
                    .directory(JS.toFile())
                    .redirectErrorStream(true);
            node.environment().put("HUBWIRE_CONTROL", control.url());
            node.environment().put("HUBWIRE_APPLICATION", "http://127.0.0.1:" + application.port());
            node.environment()
                    .put(
                            "HUBWIRE_SECURE_APPLICATION",
                            "https://127.0.0.1:" + application.securePort().orElseThrow());
            node.environment().put("HUBWIRE_COMPRESSING_APPLICATION", "http://127.0.0.1:" + compressing.port());
            node.environment().put("NO_COLOR", "1");
            status = Verdict.run(node, PATIENCE, line -> {
                Optional<Verdict> verdict = Verdict.read(line);
                verdict.ifPresentOrElse(verdicts::add, () -> output.add(line));
            });
        }
        DynamicTest whole = DynamicTest.dynamicTest(
                "node ends in peace",
                () -> assertThat(status).as(String.join("\n", output)).isZero());
        return Stream.of(verdicts.stream().map(Verdict::test), Stream.of(whole), completeness(verdicts))
                .flatMap(Function.identity());
    }

    private static Stream<DynamicTest> completeness(List<Verdict> verdicts) {
        List<String> names = verdicts.stream().map(Verdict::name).toList();
        DynamicTest rows = DynamicTest.dynamicTest(
                "every row is there",
                () -> assertThat(names.stream()
                                .map(ROW::matcher)
                                .filter(Matcher::find)
                                .map(row -> Integer.valueOf(row.group(1)))
                                .collect(Collectors.toSet()))
                        .containsAll(IntStream.rangeClosed(1, 44).boxed().toList()));
        DynamicTest clients = DynamicTest.dynamicTest("every client is there over each transport", () -> {
            for (String client : CLIENTS) {
                for (String transport : List.of("WebSockets", "ServerSentEvents", "LongPolling")) {
                    assertThat(names)
                            .anyMatch(name -> name.startsWith(client)
                                    && !name.contains(" with MessagePack ")
                                    && name.contains(" over " + transport + " › "))
                            .anyMatch(name -> name.startsWith(client)
                                    && name.contains(" with MessagePack over " + transport + " › "));
                }
            }
        });
        return Stream.of(rows, clients);
    }
}
