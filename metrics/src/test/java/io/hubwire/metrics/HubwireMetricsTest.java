package io.hubwire.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.ProtocolException;
import io.hubwire.server.HubServer;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.RateLimit;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.testkit.ClientRequest;
import io.hubwire.testkit.FakeClock;
import io.hubwire.testkit.InMemoryHost;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus reads of a server. */
@Timeout(20)
class HubwireMetricsTest {

    private static final ConnectionId SOMEBODY = new ConnectionId("somebody");

    private final FakeClock clock = new FakeClock();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HubwireMetrics metrics = new HubwireMetrics(registry);
    private HubServer server = served(HubOptions.builder().build());
    private InMemoryHost host = new InMemoryHost(server);

    private HubServer served(HubOptions options) {
        HubServer served = HubServer.builder()
                .hub("/hub", MeteredHub.class)
                .options(options)
                .scheduler(clock)
                .observer(metrics)
                .build();
        metrics.watch(served);
        return served;
    }

    @AfterEach
    void close() {
        host.close();
        server.close();
    }

    private void shows(String... lines) {
        for (String line : lines) {
            host.await(() -> registry.scrape().lines().anyMatch(line::equals));
        }
    }

    @Test
    void countsConnectionsByTransport() {
        shows(
                "signalr_server_active_connections{signalr_transport=\"web_sockets\"} 0.0",
                "signalr_server_active_connections{signalr_transport=\"server_sent_events\"} 0.0",
                "signalr_server_active_connections{signalr_transport=\"long_polling\"} 0.0");
        Client.of(host);
        Client second = Client.of(host);
        shows("signalr_server_active_connections{signalr_transport=\"web_sockets\"} 2.0");
        second.vanishes();
        shows("signalr_server_active_connections{signalr_transport=\"web_sockets\"} 1.0");
    }

    @Test
    void measuresHowLongConnectionsLast() {
        Client client = Client.of(host);
        clock.advance(Duration.ofSeconds(7));
        client.vanishes();

        shows(ended("normal_closure", "web_sockets"), lasted("5.0", 0), lasted("10.0", 1), lasted("300.0", 1));
        assertThat(registry.scrape().lines().filter(line -> line.contains("duration_seconds_bucket")))
                .hasSize(15);
    }

    private static String lasted(String bound, int count) {
        return "signalr_server_connection_duration_seconds_bucket{signalr_connection_status=\"normal_closure\","
                + "signalr_transport=\"web_sockets\",le=\"" + bound + "\"} " + count;
    }

    private static String ended(String status, String transport) {
        return "signalr_server_connection_duration_seconds_count{signalr_connection_status=\"" + status
                + "\",signalr_transport=\"" + transport + "\"} 1";
    }

    @Test
    void tellsWhoWasSilent() {
        Client client = Client.of(host);
        client.says("{\"type\":6}");
        client.calls("trace", "");
        clock.advance(Duration.ofMinutes(1));

        shows(ended("timeout", "web_sockets"), "hubwire_failures_total{cause=\"timeout\",hub=\"MeteredHub\"} 1.0");
    }

    @Test
    void tellsWhoseHasPolledNoMore() {
        String target = "/hub?id=" + negotiated();
        shows("hubwire_connections_pending 1.0");
        assertThat(host.request(ClientRequest.get(target)).status()).isEqualTo(200);
        shows("hubwire_connections_pending 0.0");
        host.request(ClientRequest.post(target, Client.HANDSHAKE)).body();
        assertThat(host.request(ClientRequest.get(target)).body()).isEqualTo("{}" + Client.END);
        shows("signalr_server_active_connections{signalr_transport=\"long_polling\"} 1.0");
        clock.advance(Duration.ofMinutes(1));

        shows(ended("timeout", "long_polling"));
    }

    private String negotiated() {
        return negotiated(host);
    }

    private static String negotiated(InMemoryHost host) {
        return host.request(ClientRequest.post("/hub/negotiate?negotiateVersion=1", ""))
                .body()
                .replaceAll(".*\"connectionToken\":\"([^\"]+)\".*", "$1");
    }

    @Test
    void countsThoseWhoHaveNotConnectedYetOfAllServersTogether() {
        try (HubServer other = served(HubOptions.builder().build());
                InMemoryHost too = new InMemoryHost(other)) {
            metrics.watch(other);
            negotiated();
            negotiated(too);
            negotiated(too);

            shows("hubwire_connections_pending 3.0");
        }
    }

    @Test
    void tellsWhomTheServerSentAway() {
        Client.of(host);
        server.drain(Duration.ZERO);
        clock.advance(Duration.ofSeconds(1));

        shows(ended("app_shutdown", "web_sockets"));
    }

    @Test
    void timesCallsByTheirOutcomes() {
        Client client = Client.of(host);
        client.calls("shout", "\"hi\"");
        client.calls("SHOUT", "\"hi\"");
        client.calls("shout", "");
        client.calls("refuse", "");
        client.calls("fail", "");

        shows(
                called("shout", "success", 2),
                called("shout", "unfit", 1),
                called("refuse", "refused", 1),
                called("fail", "failed", 1),
                "hubwire_messages_total{hub=\"MeteredHub\"} 2.0",
                "hubwire_message_recipients_total{hub=\"MeteredHub\"} 2.0");
    }

    private static String called(String method, String outcome, int count) {
        return "hubwire_calls_seconds_count{hub=\"MeteredHub\",method=\"" + method + "\",outcome=\"" + outcome + "\"} "
                + count;
    }

    @Test
    void countsWhatIsStreamed() {
        Client.of(host).streams("count", "3");
        Client.of(host).streams("count", "4");

        shows(
                "hubwire_streams_total{hub=\"MeteredHub\",method=\"count\"} 2.0",
                "hubwire_stream_items_total{hub=\"MeteredHub\",method=\"count\"} 7.0",
                called("count", "success", 2));
    }

    @Test
    void makesNoMetersOfWhatClientsMakeUp() {
        Client client = Client.of(host);
        client.calls("made up", "");
        long before = meters();
        for (int i = 0; i < 20; i++) {
            client.calls("made up " + i, "");
        }

        shows(called("unknown", "unfit", 21));
        assertThat(meters()).isEqualTo(before);
    }

    private long meters() {
        return registry.getMeters().stream().map(Meter::getId).count();
    }

    @Test
    void makesNoMetersOfWhatClientsMakeUpWhenTheyCallTooOften() {
        close();
        server = served(HubOptions.builder()
                .rateLimit(RateLimit.of(1, Duration.ofSeconds(1)))
                .build());
        host = new InMemoryHost(server);
        Client client = Client.of(host);
        client.calls("made up", "");
        client.calls("made up too", "");
        client.calls("sHOUT", "\"hi\"");

        shows(
                called("unknown", "unfit", 1),
                called("unknown", "refused", 1),
                called("shout", "refused", 1),
                "hubwire_limits_reached_total{hub=\"MeteredHub\",limit=\"rateLimit\"} 2.0");
    }

    @Test
    void countsFaults() {
        Client.of(host).says("nonsense");

        shows("hubwire_failures_total{cause=\"protocol\",hub=\"MeteredHub\"} 1.0");
    }

    @Test
    void countsClientsThatDidNotRead() {
        metrics.dropped("Prices", SOMEBODY, 70_000);
        metrics.dropped("Prices", SOMEBODY, 1);
        metrics.dropped("/raw", SOMEBODY, 1);

        shows(
                "hubwire_connections_dropped_total{hub=\"Prices\"} 2.0",
                "hubwire_connections_dropped_total{hub=\"/raw\"} 1.0");
    }

    @Test
    void countsWhatSlowClientsMissed() {
        metrics.discarded("Prices", SOMEBODY, "priced", 3);
        metrics.discarded("Prices", SOMEBODY, "traded", 4);

        shows("hubwire_messages_discarded_total{hub=\"Prices\"} 7.0");
    }

    @Test
    void countsLimitsByTheirNames() {
        metrics.limited("Prices", SOMEBODY, "rateLimit");
        metrics.limited("Prices", SOMEBODY, "streams");
        metrics.limited("Prices", SOMEBODY, "streams");

        shows(
                "hubwire_limits_reached_total{hub=\"Prices\",limit=\"rateLimit\"} 1.0",
                "hubwire_limits_reached_total{hub=\"Prices\",limit=\"streams\"} 2.0");
    }

    @Test
    void tellsCallsThatWereCancelledFromThoseThatFailed() {
        Duration second = Duration.ofSeconds(1);
        metrics.called("MeteredHub", SOMEBODY, "wait", Optional.of(new CancellationException("enough")), second);
        metrics.called("MeteredHub", SOMEBODY, "wait", Optional.of(new IOException("broken")), second);

        shows(called("wait", "cancelled", 1), called("wait", "failed", 1));
    }

    @Test
    void countsFaultsByTheirCauses() {
        metrics.failed("Prices", SOMEBODY, new HubException("not you"));
        metrics.failed("Prices", SOMEBODY, new IOException("broken"));
        metrics.failed("Prices", SOMEBODY, new CancellationException("silent"));
        metrics.failed("Prices", SOMEBODY, new ProtocolException("nonsense"));

        for (String cause : List.of("refused", "server", "timeout", "protocol")) {
            shows("hubwire_failures_total{cause=\"" + cause + "\",hub=\"Prices\"} 1.0");
        }
    }
}
