package io.hubwire.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.conformance.wire.RawConnection;
import io.hubwire.conformance.wire.RawResponse;
import io.hubwire.conformance.wire.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What foreign test suites expect beside the hubs. */
class EndpointsIT {

    private static final String ORIGIN = "http://localhost:8123";

    private static Conformance conformance;

    @BeforeAll
    static void start() {
        conformance = Conformance.start(0, Path.of("js/node_modules"));
    }

    @AfterAll
    static void stop() {
        conformance.close();
    }

    private static InetSocketAddress server() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), conformance.port());
    }

    private static RawResponse request(String method, String target, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Length", "0");
        try (RawConnection connection = RawConnection.to(server())) {
            return connection.exchange(method, target, all);
        }
    }

    @Test
    void redirectsToTheEchoWithMethodPathAndQuery() throws IOException {
        RawResponse answer =
                request("POST", "/echoRedirect/negotiate?negotiateVersion=1&x=%20", Map.of("Origin", ORIGIN));

        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.head().header("location"))
                .hasValue("http://127.0.0.1:" + conformance.port() + "/echo/negotiate?negotiateVersion=1&x=%20");
        assertThat(answer.head().header("access-control-allow-origin")).hasValue(ORIGIN);
        RawResponse upgrade =
                request("GET", "/echoredirect?id=x", Map.of("Upgrade", "websocket", "Connection", "Upgrade"));
        assertThat(upgrade.status()).isEqualTo(307);
        assertThat(upgrade.head().header("location")).hasValue("http://127.0.0.1:" + conformance.port() + "/echo?id=x");
    }

    @Test
    void sendsClientsToTheTestHubAndCountsThem() throws IOException {
        String target = "/redirect/negotiate?numRedirects=0&baseUrl=http%3A%2F%2Fhere&negotiateVersion=1";

        String first = request("POST", target, Map.of()).text();
        String second = request("POST", target, Map.of()).text();

        assertThat(first).isEqualTo("{ \"url\": \"http://here/testHub?numRedirects=1\" }");
        assertThat(second).isEqualTo("{ \"url\": \"http://here/testHub?numRedirects=2\" }");
    }

    @Test
    void refusesToNegotiateInItsOwnWords() throws IOException {
        RawResponse answer = request("POST", "/bad-negotiate/negotiate?negotiateVersion=1", Map.of("Origin", ORIGIN));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).isEqualTo("Some response from server");
        assertThat(answer.head().header("access-control-allow-credentials")).hasValue("true");
    }

    @Test
    void setsThreeCookiesWhenItNegotiates() throws IOException {
        List<String> cookies = request("POST", "/testhub/negotiate?negotiateVersion=1", Map.of())
                .head()
                .headers()
                .getOrDefault("set-cookie", List.of());

        assertThat(cookies).hasSize(3).allMatch(cookie -> cookie.endsWith("; Path=/"));
        assertThat(cookies.get(0)).isEqualTo("testCookie=testValue; Path=/");
        assertThat(cookies.get(1)).isEqualTo("testCookie2=testValue2; Path=/");
        assertThat(cookies.get(2))
                .startsWith("expiredCookie=doesntmatter; Expires=")
                .contains(" GMT;");
    }

    @Test
    void takesItsOwnTokensAndNoOthers() throws IOException {
        String token = request("GET", "/generateJwtToken", Map.of()).text();
        String negotiate = "/authorizedhub/negotiate?negotiateVersion=1";

        assertThat(request("POST", negotiate, Map.of("Authorization", "Bearer " + token))
                        .status())
                .isEqualTo(200);
        assertThat(request("POST", negotiate + "&access_token=" + token, Map.of())
                        .status())
                .isEqualTo(200);
        for (String wrong : List.of("", token + "x", token.substring(1), "a.b.c", token.replace('.', 'x'))) {
            RawResponse answer =
                    request("POST", negotiate, Map.of("Authorization", "Bearer " + wrong, "Origin", ORIGIN));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.head().reason()).isEqualTo("Unauthorized");
            assertThat(answer.text()).isEmpty();
            assertThat(answer.head().header("access-control-allow-origin")).hasValue(ORIGIN);
        }
    }

    @Test
    void allowsEveryOriginOnEveryPath() throws IOException {
        Map<String, String> asked = Map.of(
                "Origin",
                ORIGIN,
                "Access-Control-Request-Method",
                "DELETE",
                "Access-Control-Request-Headers",
                "x-header");
        for (String path : List.of("/testhub", "/authorizedhub/negotiate", "/nobody", "/echoredirect")) {
            RawResponse preflight = request("OPTIONS", path, asked);
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.head().headers().get("access-control-allow-origin"))
                    .containsExactly(ORIGIN);
            assertThat(preflight.head().header("access-control-allow-methods")).hasValue("DELETE");
            assertThat(preflight.head().header("access-control-allow-headers")).hasValue("x-header");
        }
        for (String path : List.of("/testhub", "/authorizedhub", "/nobody", "/lib/signalr-webworker/signalr.js")) {
            assertThat(request("GET", path, Map.of("Origin", ORIGIN))
                            .head()
                            .headers()
                            .get("access-control-allow-origin"))
                    .as(path)
                    .containsExactly(ORIGIN);
        }
    }

    @Test
    void servesTheScriptForWebWorkers() throws IOException {
        RawResponse script = request("GET", "/lib/signalr-webworker/signalr.js", Map.of());

        assertThat(script.status()).isEqualTo(200);
        assertThat(script.head().header("content-type")).hasValue("text/javascript; charset=utf-8");
        assertThat(script.text()).contains("HubConnectionBuilder");
    }

    @Test
    void sendsBackWhatARawConnectionSays() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (RawWebSocket socket = RawWebSocket.open(RawConnection.to(server()), "/echo", Map.of("Origin", ORIGIN))) {
            Thread.startVirtualThread(() -> socket.listen(new Heard(heard)));
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("opened");
            socket.text("zü€😀");
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("text zü€😀");
            socket.closeFrame(0, "");
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("closed 1000");
        }
    }

    private record Heard(BlockingQueue<String> events) implements RawWebSocket.Listener {

        @Override
        public void opened() {
            events.add("opened");
        }

        @Override
        public void refused(RawResponse response) {
            events.add("refused " + response.status());
        }

        @Override
        public void text(String message) {
            events.add("text " + message);
        }

        @Override
        public void binary(byte[] message) {
            events.add("binary");
        }

        @Override
        public void closed(int code, String reason) {
            events.add("closed " + code);
        }
    }
}
