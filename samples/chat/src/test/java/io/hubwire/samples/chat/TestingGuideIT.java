package io.hubwire.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubStream;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.HubTest;
import io.hubwire.testkit.TestClient;
import io.hubwire.testkit.TestHost;
import io.hubwire.testkit.TestServer;
import io.hubwire.testkit.TestStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the guide to testing shows is code that compiles and works: it stands here or beside word for word. */
@HubTest(TestingGuideIT.Numbers.class)
final class TestingGuideIT {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Path TESTS = Path.of("src/test/java/io/hubwire/samples/chat");

    @Test
    void showsWhatIsCompiledHere() throws IOException {
        String here = code("GreeterTest.java") + code("ChatHubTest.java") + code("TestingGuideIT.java");
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("../../docs/guide/testing.md")))
                .results()
                .map(found -> blanksAsOne(found.group(1)))
                .toList();

        assertThat(snippets)
                .hasSizeGreaterThan(5)
                .allSatisfy(snippet -> assertThat(here).contains(snippet));
    }

    private static String code(String file) throws IOException {
        return blanksAsOne(Files.readString(TESTS.resolve(file)));
    }

    private static String blanksAsOne(String code) {
        return code.replaceAll("\\s+", " ").replace(" .", ".").strip();
    }

    @Test
    void streamsBothWays(TestClient ann) {
        try (TestStream<Integer> numbers = ann.stream(Integer.class, "count", 1_000)) {
            assertThat(numbers.next(3)).containsExactly(0, 1, 2);
        }

        assertThat(ann.invoke(int.class, "sum", TestClient.upload(List.of(1, 2, 3))))
                .isEqualTo(6);
    }

    @Test
    void answersTheHub(TestClient ann, TestClient ben) {
        ben.answers("pick", asked -> asked.argument(0, Integer.class) + 1);

        assertThat(ann.invoke(int.class, "ask", ben.connectionId(), 41)).isEqualTo(42);
    }

    @Test
    void speaksWhatOtherClientsSpeak(TestServer server) {
        TestClient ann = server.connect(options -> options.protocol("messagepack")
                .transport(TransportType.LONG_POLLING)
                .query("room", "lobby")
                .accessToken("token"));

        assertThat(ann.invoke(int.class, "sum", TestClient.upload(List.of(1, 2, 3))))
                .isEqualTo(6);
    }

    @Test
    void goesOverSockets() {
        try (TestServer server = TestServer.withSockets(TestingGuideIT::netty, Greeter.class)) {
            assertThat(server.connect().invoke(String.class, "hello", "Ann")).isEqualTo("Hello Ann");
        }
    }

    private static TestHost netty(HttpEndpoint endpoint) {
        NettyHost host = NettyHost.builder().port(0).endpoint(endpoint).start();
        return TestHost.listening(host.port(), host::close);
    }

    /** Numbers, one after the other. */
    public static final class Numbers extends Hub {

        public HubStream<Integer> count(int end) {
            return HubStream.of(out -> IntStream.range(0, end).forEach(out::send));
        }

        public int sum(HubStream<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).sum();
        }

        public int ask(String connectionId, int number) {
            return clients()
                    .client(connectionId)
                    .invoke(Integer.class, "pick", number)
                    .join();
        }
    }
}
