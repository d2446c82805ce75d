package io.hubwire.samples.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** People at browsers: has node run the tests of a page, which start the sample in processes of its own. */
public final class PageTests {

    private static final List<String> NODE = List.of(
            "node",
            "--test",
            "--test-concurrency=1",
            "--test-reporter=spec",
            "--test-reporter-destination=stdout",
            "--test-reporter=junit",
            "--test-reporter-destination=target/failsafe-reports/TEST-page.xml");

    private PageTests() {}

    /** Runs the tests in these files of the module, and says which of them failed. */
    public static Set<String> failures(String... files) throws IOException, InterruptedException {
        Files.createDirectories(Path.of("target/failsafe-reports"));
        List<String> command = new ArrayList<>(NODE);
        Collections.addAll(command, files);
        ProcessBuilder node = new ProcessBuilder(command).redirectErrorStream(true);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        node.environment().put("SAMPLE_JAVA", java.toString());
        node.environment().put("SAMPLE_CLASS_PATH", System.getProperty("java.class.path"));
        Process tests = node.start();
        Set<String> failures = new ConcurrentSkipListSet<>();
        Thread reading = Thread.ofVirtual()
                .start(() -> tests.inputReader(UTF_8).lines().forEach(line -> {
                    System.out.println(line);
                    if (line.strip().startsWith("✖")) {
                        failures.add(line.strip());
                    }
                }));
        try {
            if (!tests.waitFor(10, MINUTES)) {
                failures.add("node did not end in time");
                return failures;
            }
            reading.join();
            if (tests.exitValue() != 0) {
                failures.add("node ended with status " + tests.exitValue());
            }
            return failures;
        } finally {
            tests.descendants().forEach(ProcessHandle::destroyForcibly);
            tests.destroyForcibly();
        }
    }
}
