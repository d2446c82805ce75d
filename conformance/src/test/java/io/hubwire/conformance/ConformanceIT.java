package io.hubwire.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.conformance.wire.RawConnection;
import io.hubwire.conformance.wire.RawResponse;
import io.hubwire.testkit.RawClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The application as a process of its own. */
class ConformanceIT {

    private static ProcessBuilder application(String... arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new java.util.ArrayList<>(List.of(
                java.toString(), "--enable-native-access=ALL-UNNAMED", "-cp", classPath, Conformance.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    @Test
    @Timeout(60)
    void saysWhereItListensServesAndEndsWhenTold() throws Exception {
        Process process = application("--core", "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String said = Objects.requireNonNull(output.readLine());
            assertThat(said).matches("core on http://127\\.0\\.0\\.1:\\d+");
            int port = Integer.parseInt(said.substring(said.lastIndexOf(':') + 1));
            InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (RawConnection connection = RawConnection.to(server)) {
                RawResponse answer = connection.exchange(
                        "POST", "/golden/negotiate?negotiateVersion=1", Map.of("Content-Length", "0"));
                assertThat(answer.status()).isEqualTo(200);
            }
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @Timeout(60)
    void listensForTlsWhereItIsToldTo() throws Exception {
        Process process = application("--core", "0", "--core-https", "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            assertThat(output.readLine()).matches("core on http://127\\.0\\.0\\.1:\\d+");
            String secure = Objects.requireNonNull(output.readLine());
            assertThat(secure).matches("core on https://127\\.0\\.0\\.1:\\d+");
            try (RawClient client = new RawClient(
                    Integer.parseInt(secure.substring(secure.lastIndexOf(':') + 1)), Credulous.context())) {
                client.send("POST /testhub/negotiate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.answer().head().values("set-cookie"))
                        .hasSize(3)
                        .contains("testCookie=testValue; Path=/; Secure; SameSite=None; Partitioned");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--core 5000 --classic 5001 | --classic is not there yet",
                "--core 5000 --core-https x | --core-https x (expected: a port)",
                "--core-https 5001 | no port to listen on",
                "--core 5000 --static . | --static is not there yet",
                "--core 5000 --host tomcat | --host tomcat is not there yet",
                "--core 5000 --colour red | --colour is no option",
                "--core | --core needs a value",
                "--core 70000 | --core 70000 (expected: a port)",
                "--core x | --core x (expected: a port)",
                "--host netty | no port to listen on"
            })
    void refusesWhatItDoesNotKnowOrCannotDoYet(String arguments, String reason) {
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLine.parse(arguments.split(" ")))
                .withMessage(reason);
    }

    @Test
    @Timeout(30)
    void tellsHowItIsUsedWhenItIsUsedWrongly() throws Exception {
        Process process = application("--nonsense").start();
        try (BufferedReader error = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
            assertThat(error.lines().toList()).containsExactly("--nonsense is no option", CommandLine.USAGE);
        }
        assertThat(process.waitFor(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
    }
}
