package io.hubwire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchServerIT {

    @ParameterizedTest
    @ValueSource(strings = {"0", "0 --non-blocking", "0 --engine nio"})
    void answersAnEcho(String arguments) throws Exception {
        try (BenchServer server = BenchServer.start(List.of(arguments.split(" ")));
                HttpClient http = HttpClient.newHttpClient()) {
            Records records = new Records();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/hub"), records)
                    .join();
            socket.sendText("{\"protocol\":\"json\",\"version\":1}\u001e", true).join();
            assertThat(records.next()).isEqualTo("{}");

            socket.sendText(
                            "{\"type\":1,\"invocationId\":\"10000000\",\"target\":\"Echo\",\"arguments\":[\"abc\"]}\u001e",
                            true)
                    .join();
            assertThat(records.next()).isEqualTo("{\"type\":3,\"invocationId\":\"10000000\",\"result\":\"abc\"}");
            socket.abort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0 --non-blocking"})
    void sendsToAllAndToGroups(String arguments) throws Exception {
        try (BenchServer server = BenchServer.start(List.of(arguments.split(" ")));
                HttpClient http = HttpClient.newHttpClient()) {
            Records inTheGroup = new Records();
            Records outside = new Records();
            WebSocket member = connected(http, server, inTheGroup);
            WebSocket other = connected(http, server, outside);

            call(member, "Join", "\"g\"");
            assertThat(inTheGroup.next()).isEqualTo("{\"type\":3,\"invocationId\":\"1\",\"result\":null}");
            call(other, "ToGroup", "\"g\",\"to the group\"");
            assertThat(inTheGroup.next()).isEqualTo(message("to the group"));
            assertThat(outside.next()).isEqualTo("{\"type\":3,\"invocationId\":\"1\",\"result\":null}");
            other.sendText("{\"type\":1,\"target\":\"Send\",\"arguments\":[\"x\"]}\u001e", true)
                    .join();
            other.sendText("{\"type\":1,\"target\":\"Broadcast\",\"arguments\":[\"to all\"]}\u001e", true)
                    .join();
            assertThat(inTheGroup.next()).isEqualTo(message("to all"));
            assertThat(outside.next()).isEqualTo(message("to all"));
            member.abort();
            other.abort();
        }
    }

    private static WebSocket connected(HttpClient http, BenchServer server, Records records) throws Exception {
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/hub"), records)
                .join();
        socket.sendText("{\"protocol\":\"json\",\"version\":1}\u001e", true).join();
        assertThat(records.next()).isEqualTo("{}");
        return socket;
    }

    private static void call(WebSocket socket, String method, String arguments) {
        socket.sendText(
                        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"" + method + "\",\"arguments\":[" + arguments
                                + "]}\u001e",
                        true)
                .join();
    }

    private static String message(String text) {
        return "{\"type\":1,\"target\":\"m\",\"arguments\":[\"" + text + "\"]}";
    }

    @Test
    void refusesArgumentsThatItDoesNotKnow() {
        assertThatThrownBy(() -> BenchServer.start(List.of("0", "--fast")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--fast");
    }

    /** Cuts what arrives into hub messages. */
    private static final class Records implements WebSocket.Listener {

        private final BlockingQueue<String> complete = new LinkedBlockingQueue<>();
        private final StringBuilder rest = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            rest.append(text);
            for (int end = rest.indexOf("\u001e"); end >= 0; end = rest.indexOf("\u001e")) {
                complete.add(rest.substring(0, end));
                rest.delete(0, end + 1);
            }
            socket.request(1);
            return null;
        }

        String next() throws InterruptedException {
            String record = complete.poll(20, TimeUnit.SECONDS);
            assertThat(record).isNotNull();
            return record == null ? "" : record;
        }
    }
}
