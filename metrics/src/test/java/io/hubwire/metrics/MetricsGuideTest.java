package io.hubwire.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.HubServer;
import io.hubwire.server.hub.Hub;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

/** What the guide to operations shows. */
class MetricsGuideTest {

    private final MeterRegistry meterRegistry = new SimpleMeterRegistry();
    private final ObservationRegistry observationRegistry = ObservationRegistry.create();

    @Test
    void showsWhatWaitsAtTheDoor() {
        HubwireMetrics metrics = new HubwireMetrics(meterRegistry);
        HubServer server = HubServer.builder()
                .hub("/chat", ChatHub.class)
                .observer(metrics)
                .filter(new HubwireTracing(observationRegistry))
                .build();
        metrics.watch(server);

        assertThat(meterRegistry.get("hubwire.connections.pending").gauge().value())
                .isZero();
        server.close();
    }

    /** A hub without methods. */
    public static final class ChatHub extends Hub {

        /** A fresh instance for each call. */
        public ChatHub() {}
    }
}
