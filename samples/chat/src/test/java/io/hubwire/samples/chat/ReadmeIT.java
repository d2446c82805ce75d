package io.hubwire.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.HubServer;
import io.hubwire.server.netty.NettyHost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows is code that compiles and works: it stands here word for word. */
final class ReadmeIT {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Path TESTS = Path.of("src/test/java/io/hubwire/samples/chat");

    private static String code(String file) throws IOException {
        return blanksAsOne(Files.readString(TESTS.resolve(file)));
    }

    private static String blanksAsOne(String code) {
        return code.replaceAll("\\s+", " ").replace(" .", ".").strip();
    }

    @Test
    void showsWhatIsCompiledHere() throws IOException {
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("../../README.md")))
                .results()
                .map(MatchResult::group)
                .map(snippet -> snippet.replace("```java", "").replace("```", ""))
                .map(ReadmeIT::blanksAsOne)
                .toList();
        String here = code("Greeter.java") + code("ReadmeIT.java").replace(".port(0)", ".port(5000)");

        assertThat(snippets).hasSize(2).allSatisfy(snippet -> assertThat(here).contains(snippet));
    }

    @Test
    void showsWhatWorks() throws IOException, InterruptedException {
        HubServer server = HubServer.builder().hub("/greeter", Greeter.class).build();
        NettyHost host = NettyHost.builder().port(0).endpoint(server).start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest negotiate = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + host.port() + "/greeter/negotiate?negotiateVersion=1"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client.send(negotiate, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("WebSockets");
        } finally {
            host.close();
            server.close();
        }
    }
}
