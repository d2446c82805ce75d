package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.hub.UserPrincipal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked before a transport gets a request. */
class RequestsTest {

    private final Scene scene = new Scene();

    @ParameterizedTest
    @CsvSource({"GET, /hub", "POST, /hub", "DELETE, /hub", "GET, /hub?id=", "POST, /hub?id=", "DELETE, /hub?id="})
    void wantsAnId(String method, String target) {
        assertThat(scene.send(scene.request(method, target)).answer())
                .isEqualTo("400 text/plain Connection ID required");
    }

    @Test
    void wantsAnIdForAnEventStream() {
        assertThat(scene.send(scene.request("GET", "/hub").header("Accept", "text/event-stream"))
                        .answer())
                .isEqualTo("400 text/plain Connection ID required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE"})
    void knowsNobodyOfAnUnknownId(String method) {
        assertThat(scene.send(scene.request(method, "/hub?id=zzz")).answer())
                .isEqualTo("404 text/plain No Connection with that ID");
    }

    @Test
    void tellsASocketOfAnUnknownIdWithoutContentType() {
        assertThat(scene.upgrade("zzz").answer()).isEqualTo("404 - No Connection with that ID");
    }

    @Test
    void findsNoConnectionByARepeatedId() {
        String token = scene.token();

        assertThat(scene.send(scene.request("GET", "/hub?id=" + token + "&id=" + token))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void readsTheNameOfTheIdInAnyCaseAndItsValueInOne() {
        String token = scene.token();

        assertThat(scene.send(scene.request("GET", "/hub?ID=" + token)).status())
                .isEqualTo(200);
        assertThat(scene.send(scene.request("POST", "/hub?id=" + swapCase(token)))
                        .status())
                .isEqualTo(404);
    }

    private static String swapCase(String text) {
        StringBuilder swapped = new StringBuilder();
        text.chars()
                .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
                .forEach(swapped::appendCodePoint);
        return swapped.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "OPTIONS", "HEAD", "PATCH"})
    void allowsNoOtherMethod(String method) {
        assertThat(scene.send(scene.request(method, "/hub")).answer()).isEqualTo("405 text/plain");
    }

    @Test
    void refusesTransportsThatAreNotEnabledAndLeavesTheConnectionFree() {
        Scene polling = new Scene(options -> options.transports(Set.of(TransportType.LONG_POLLING)));
        String token = polling.token();

        assertThat(polling.upgrade(token).answer())
                .isEqualTo("404 text/plain WebSockets transport not supported by this end point type");
        assertThat(polling.events(token).answer())
                .isEqualTo("404 text/plain ServerSentEvents transport not supported by this end point type");
        assertThat(polling.poll(token).answer()).isEqualTo("200 application/octet-stream");
    }

    @Test
    void refusesPollsWhereTheyAreNotEnabled() {
        Scene sockets = new Scene(options -> options.transports(EnumSet.of(TransportType.WEB_SOCKETS)));

        assertThat(sockets.poll(sockets.token()).answer())
                .isEqualTo("404 text/plain LongPolling transport not supported by this end point type");
    }

    @Test
    void refusesASocketWithoutNegotiationWhereSocketsAreNotEnabled() {
        Scene polling = new Scene(options -> options.transports(Set.of(TransportType.LONG_POLLING)));

        assertThat(polling.send(polling.request("GET", "/hub").upgrade()).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream | true",
                "TEXT/Event-Stream | true",
                "text/html, text/event-stream, */* | true",
                "text/event-stream;q=1 | false",
                "text/* | false",
                "*/* | false"
            })
    void takesAGetForAnEventStreamByItsAcceptHeader(String accept, boolean stream) {
        FakeExchange get = scene.send(scene.get(scene.token()).header("Accept", accept));

        assertThat(get.answeredHeader("Content-Type"))
                .isEqualTo(stream ? "text/event-stream" : "application/octet-stream");
    }

    @Test
    void takesAnUpgradeThatAcceptsEventsForAnEventStream() {
        FakeExchange get = scene.send(scene.get(scene.token()).upgrade().header("Accept", "text/event-stream"));

        assertThat(get.isUpgraded()).isFalse();
        assertThat(get.answeredHeader("Content-Type")).isEqualTo("text/event-stream");
    }

    @Test
    void doesNotChangeTransportsMidConnection() {
        String token = scene.token();
        scene.upgrade(token);

        assertThat(scene.poll(token).answer()).isEqualTo("400 text/plain Cannot change transports mid-connection");
        assertThat(scene.events(token).answer()).isEqualTo("400 text/plain Cannot change transports mid-connection");
        assertThat(scene.post(token, "x").answer())
                .isEqualTo("405 text/plain POST requests are not allowed for WebSocket connections.");
        assertThat(scene.delete(token).answer())
                .isEqualTo("400 text/plain Cannot terminate this connection using the DELETE endpoint.");
        assertThat(scene.client().heard()).isEmpty();
    }

    @Test
    void doesNotDeleteWhatIsNoPollingConnection() {
        String unbound = scene.token();
        String stream = scene.token();
        scene.events(stream);

        assertThat(scene.delete(unbound).answer())
                .isEqualTo("400 text/plain Cannot terminate this connection using the DELETE endpoint.");
        assertThat(scene.delete(stream).answer())
                .isEqualTo("400 text/plain Cannot terminate this connection using the DELETE endpoint.");
        assertThat(scene.events(unbound).status()).isEqualTo(200);
    }

    @Test
    void letsNoPollOrItsRefusalBeCached() {
        String token = scene.token();

        for (FakeExchange poll :
                new FakeExchange[] {scene.poll(token), scene.poll("zzz"), scene.send(scene.request("GET", "/hub"))}) {
            assertThat(poll.answeredHeader("Cache-Control")).isEqualTo("no-cache, no-store");
            assertThat(poll.answeredHeader("Pragma")).isEqualTo("no-cache");
            assertThat(poll.answeredHeader("Expires")).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
        }
    }

    @Test
    void showsTheApplicationTheRequestAndTheUserOfTheFirstTransportRequest() {
        String token = scene.token();
        var ann = new UserPrincipal("ann", Set.of());
        scene.send(scene.request("GET", "/hub?x=1&id=" + token), Optional.of(ann));
        scene.send(scene.get(token), Optional.of(new UserPrincipal("bob", Set.of())));

        assertThat(scene.client().pipe().user()).contains(ann);
        assertThat(scene.client().pipe().request().query("x")).contains("1");
        assertThat(scene.client().pipe().request().query("id")).contains(token);
        assertThat(scene.client().pipe().transport()).isEqualTo(TransportType.LONG_POLLING);
        assertThat(scene.client().pipe().id().value()).hasSize(22).isNotEqualTo(token);
    }
}
