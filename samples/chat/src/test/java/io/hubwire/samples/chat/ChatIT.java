package io.hubwire.samples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** People at browsers: runs the tests of the page, which start {@link Chat} in processes of its own. */
final class ChatIT {

    @Test
    void bringsPeopleAtBrowsersTogether() throws IOException, InterruptedException {
        Files.createDirectories(Path.of("target/failsafe-reports"));
        ProcessBuilder node = new ProcessBuilder(
                "node",
                "--test",
                "--test-concurrency=1",
                "--test-reporter=spec",
                "--test-reporter-destination=stdout",
                "--test-reporter=junit",
                "--test-reporter-destination=target/failsafe-reports/TEST-page.xml",
                "test/chat.test.mjs",
                "test/screens.test.mjs");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        node.environment().put("CHAT_JAVA", java.toString());
        node.environment().put("CHAT_CLASS_PATH", System.getProperty("java.class.path"));
        Process tests = node.redirectErrorStream(true).start();
        Set<String> failed = new ConcurrentSkipListSet<>();
        Thread reading = Thread.ofVirtual()
                .start(() -> tests.inputReader(UTF_8).lines().forEach(line -> {
                    System.out.println(line);
                    if (line.strip().startsWith("✖")) {
                        failed.add(line.strip());
                    }
                }));
        try {
            assertThat(tests.waitFor(10, TimeUnit.MINUTES))
                    .as("node ended in time")
                    .isTrue();
            reading.join();
            assertThat(failed).as("what failed in the page").isEmpty();
            assertThat(tests.exitValue()).as("exit status").isZero();
        } finally {
            tests.descendants().forEach(ProcessHandle::destroyForcibly);
            tests.destroyForcibly();
        }
    }
}
