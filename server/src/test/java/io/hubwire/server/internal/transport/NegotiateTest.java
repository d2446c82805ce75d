package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.options.Redirect;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiateTest {

    private static final String TRANSPORTS = "\"availableTransports\":["
            + "{\"transport\":\"WebSockets\",\"transferFormats\":[\"Text\",\"Binary\"]},"
            + "{\"transport\":\"ServerSentEvents\",\"transferFormats\":[\"Text\"]},"
            + "{\"transport\":\"LongPolling\",\"transferFormats\":[\"Text\",\"Binary\"]}]}";

    private final Scene scene = new Scene();

    private FakeExchange negotiate(Scene with, String query) {
        return with.negotiate(with.request("POST", "/hub/negotiate" + query));
    }

    @Test
    void tellsVersionOneIdTokenAndTransports() {
        FakeExchange answer = negotiate(scene, "?negotiateVersion=1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.answeredHeader("Content-Type")).isEqualTo("application/json");
        assertThat(answer.text())
                .matches(
                        "\\{\"negotiateVersion\":1,\"connectionId\":\"[\\w-]{22}\",\"connectionToken\":\"[\\w-]{22}\",.*")
                .endsWith(TRANSPORTS);
    }

    @Test
    void keepsIdAndTokenApart() {
        String text = negotiate(scene, "?negotiateVersion=1").text();

        assertThat(text.split("\"")[5]).isNotEqualTo(text.split("\"")[9]).hasSize(22);
    }

    @Test
    void tellsVersionZeroTheIdOnlyWhichIsTheToken() {
        FakeExchange answer = negotiate(scene, "");

        assertThat(answer.text())
                .matches("\\{\"negotiateVersion\":0,\"connectionId\":\"[\\w-]{22}\",\"availableTransports.*");
        String id = answer.text().split("\"")[5];
        assertThat(scene.poll(id).answer()).isEqualTo("200 application/octet-stream");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "7, 1", "2147483647, 1", "0, 0", "%201%20, 1", "%2B1, 1"})
    void answersTheNewestVersionThatBothKnow(String asked, int answered) {
        assertThat(negotiate(scene, "?NegotiateVersion=" + asked).text())
                .startsWith("{\"negotiateVersion\":" + answered + ",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1.0", "", "2147483648", "1&negotiateVersion=1", "%D9%A1", "0x1"})
    void refusesAVersionThatIsNoInteger(String asked) {
        assertThat(negotiate(scene, "?negotiateVersion=" + asked).answer())
                .isEqualTo("200 application/json {\"error\":\"The client requested a non-integer protocol version.\"}");
        assertThat(scene.connections.table().size()).isZero();
    }

    @Test
    void refusesAVersionBelowTheMinimum() {
        assertThat(negotiate(scene, "?negotiateVersion=-1").text())
                .isEqualTo("{\"error\":\"The client requested version '-1',"
                        + " but the server does not support this version.\"}");
    }

    @Test
    void refusesToBeAskedForNoVersionWhereOneIsNeeded() {
        Scene strict = new Scene(options -> options.minimumNegotiateVersion(1));

        assertThat(negotiate(strict, "").text())
                .isEqualTo("{\"error\":\"The client requested version '0',"
                        + " but the server does not support this version.\"}");
        assertThat(negotiate(strict, "?negotiateVersion=1").text()).startsWith("{\"negotiateVersion\":1,");
    }

    @Test
    void offersOnlyWhatTheEndpointAllowsInTheReferencesOrder() {
        Scene some = new Scene(options ->
                options.transports(EnumSet.of(TransportType.LONG_POLLING, TransportType.SERVER_SENT_EVENTS)));

        assertThat(negotiate(some, "?negotiateVersion=1").text())
                .endsWith("\"availableTransports\":["
                        + "{\"transport\":\"ServerSentEvents\",\"transferFormats\":[\"Text\"]},"
                        + "{\"transport\":\"LongPolling\",\"transferFormats\":[\"Text\",\"Binary\"]}]}");
    }

    @Test
    void doesNotGrantStatefulReconnect() {
        assertThat(negotiate(scene, "?negotiateVersion=1&useStatefulReconnect=true")
                        .text())
                .doesNotContain("useStatefulReconnect");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "OPTIONS", "DELETE", "HEAD"})
    void allowsNoOtherMethod(String method) {
        assertThat(scene.negotiate(scene.request(method, "/hub/negotiate")).answer())
                .isEqualTo("405 text/plain");
    }

    @Test
    void sendsTheClientElsewhere() {
        Scene redirecting = new Scene(
                options -> {},
                10,
                request -> Optional.of(new Redirect("https://other.example/hub?q=2", Optional.of("secret"))));

        String text = negotiate(redirecting, "?negotiateVersion=1").text();

        assertThat(text)
                .contains("\"url\":\"https://other.example/hub?q=2\"")
                .contains("\"accessToken\":\"secret\"")
                .doesNotContain("connectionId");
        assertThat(redirecting.connections.table().size()).isZero();
    }

    @Test
    void turnsAwayWhoeverIsTooMuch() {
        Scene small = new Scene(options -> {}, 100, request -> Optional.empty());
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            tokens.add(small.token());
        }

        assertThat(tokens).hasSize(100);
        for (int i = 0; i < 1000; i++) {
            assertThat(negotiate(small, "").answer()).isEqualTo("503 text/plain");
        }
        assertThat(small.connections.table().size()).isEqualTo(100);
        assertThat(small.clock.scheduled()).isEqualTo(100);
    }

    @Test
    void hasRoomAgainWhenSomeoneHasConnected() {
        Scene small = new Scene(options -> {}, 1, request -> Optional.empty());
        String token = small.token();
        assertThat(negotiate(small, "").status()).isEqualTo(503);

        small.upgrade(token);

        assertThat(negotiate(small, "").status()).isEqualTo(200);
        assertThat(small.pending.count()).isEqualTo(1);
    }

    @Test
    void forgetsWhoeverDoesNotConnectInTime() {
        Scene small = new Scene(options -> {}, 1, request -> Optional.empty());
        String token = small.token();

        small.wait(Duration.ofSeconds(15));

        assertThat(small.poll(token).answer()).isEqualTo("404 text/plain No Connection with that ID");
        assertThat(small.application.clients()).isEmpty();
        assertThat(small.pending.count()).isZero();
        assertThat(small.clock.scheduled()).isZero();
    }

    @Test
    void letsNobodyInWhenTheServerGoesAway() {
        String token = scene.token();

        scene.pending.close(Duration.ofMillis(6_001));

        FakeExchange refused = negotiate(scene, "");
        assertThat(refused.answer()).isEqualTo("503 text/plain");
        assertThat(refused.answeredHeader("Retry-After")).isEqualTo("7");
        assertThat(scene.send(scene.request("GET", "/hub").upgrade()).answer()).isEqualTo("503 text/plain");
        assertThat(scene.poll(token).answer()).isEqualTo("503 text/plain");
        assertThat(scene.application.clients()).isEmpty();
    }

    @Test
    void goesOnServingWhoIsInWhenTheServerGoesAway() {
        String token = scene.token();
        scene.poll(token);
        FakeExchange poll = scene.poll(token);

        scene.pending.close(Duration.ofMillis(6_001));
        scene.say("hello");

        assertThat(poll.answer()).isEqualTo("200 application/octet-stream hello");
        assertThat(scene.post(token, "x").answer()).isEqualTo("200 text/plain");
        assertThat(scene.poll(token).status()).isZero();
    }

    @Test
    void showsNoTokenInItsText() {
        ConnectionToken token = ConnectionToken.random();

        assertThat(token.toString()).doesNotContain(token.value());
        assertThat(new Redirect("http://x/?secret", Optional.of("secret")).toString())
                .doesNotContain("secret");
    }
}
