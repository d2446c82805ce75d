package io.hubwire.conformance.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.conformance.Conformance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every conversation against the conformance application: each is one test. */
class ConversationsIT {

    private static final Path TALKS = Path.of("src/test/resources/golden");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Conformance conformance;

    @BeforeAll
    static void start() {
        conformance = Conformance.start(0, Path.of("js/node_modules"));
    }

    @AfterAll
    static void stop() {
        conformance.close();
    }

    @TestFactory
    Stream<DynamicTest> goAsRecordedFromTheReference() throws IOException {
        return talks("core", 103);
    }

    @TestFactory
    Stream<DynamicTest> goAsTheSpecificationSays() throws IOException {
        return talks("own", 159);
    }

    private static Stream<DynamicTest> talks(String directory, int atLeast) throws IOException {
        Path root = TALKS.resolve(directory);
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> talks = files.filter(file -> file.toString().endsWith(".talk"))
                    .sorted()
                    .toList();
            DynamicTest all = DynamicTest.dynamicTest(
                    "none is missing", () -> assertThat(talks).hasSizeGreaterThanOrEqualTo(atLeast));
            return Stream.concat(
                    Stream.of(all),
                    talks.stream()
                            .map(file -> DynamicTest.dynamicTest(
                                    root.relativize(file).toString(), file.toUri(), () -> play(file))));
        }
    }

    private static void play(Path file) throws IOException, InterruptedException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), conformance.port());
        assertThat(Talk.play(Files.readAllLines(file, UTF_8), server, PATIENCE)).isEmpty();
    }
}
