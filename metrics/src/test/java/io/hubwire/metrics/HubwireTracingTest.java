package io.hubwire.metrics;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.HubServer;
import io.hubwire.testkit.FakeClock;
import io.hubwire.testkit.InMemoryHost;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What OpenTelemetry exports of a server. */
@Timeout(20)
class HubwireTracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String PARENT = "\"traceparent\":\"00-" + TRACE + "-" + SPAN + "-01\"";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final HubServer server = HubServer.builder()
            .hub("/hub", MeteredHub.class)
            .scheduler(new FakeClock())
            .filter(new HubwireTracing(registry))
            .build();
    private final InMemoryHost host = new InMemoryHost(server);

    @BeforeEach
    void trace() {
        io.opentelemetry.api.trace.Tracer otel = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build()
                .get("test");
        OtelTracer tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator =
                new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), otel);
        registry.observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(meters))
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        MeteredHub.tracer = tracer;
        MeteredHub.promised = new CompletableFuture<>();
    }

    @AfterEach
    void close() {
        host.close();
        server.close();
    }

    private SpanData span(String name) {
        host.await(() -> spans.getFinishedSpanItems().stream()
                .anyMatch(each -> each.getName().equals(name)));
        return spans.getFinishedSpanItems().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String attribute(SpanData span, String name) {
        return span.getAttributes().asMap().getOrDefault(stringKey(name), "").toString();
    }

    @Test
    void aCallIsASpanOfTheServer() {
        Client.of(host).calls("shout", "\"hi\"");

        SpanData span = span("MeteredHub/shout");
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(attribute(span, "rpc.system")).isEqualTo("signalr");
        assertThat(attribute(span, "rpc.service")).isEqualTo("MeteredHub");
        assertThat(attribute(span, "rpc.method")).isEqualTo("shout");
        assertThat(attribute(span, "error.type")).isEmpty();
        assertThat(span.getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void aCallIsAChildOfTheClientsSpan() {
        String answer = Client.of(host).calls(PARENT, "trace", "");

        SpanData span = span("MeteredHub/trace");
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(SPAN);
        assertThat(span.getParentSpanContext().isRemote()).isTrue();
        assertThat(answer).as("what the method sees").contains(TRACE);
    }

    @Test
    void theNextCallIsInNoTraceOfTheOneBefore() {
        Client client = Client.of(host);
        client.calls(PARENT, "shout", "\"hi\"");
        client.calls("trace", "");

        assertThat(span("MeteredHub/trace").getTraceId()).isNotEqualTo(TRACE);
    }

    @Test
    void aFailureSaysOfWhichKindItIs() {
        Client.of(host).calls("fail", "");

        SpanData span = span("MeteredHub/fail");
        assertThat(attribute(span, "error.type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getEvents()).hasSize(1);
    }

    @Test
    void aPromiseLastsUntilItIsKept() {
        Client client = Client.of(host);
        client.says(Client.call(1, "", "promise", ""));
        client.says(Client.call(4, "", "count", "1").replace("\"1\"", "\"2\""));
        span("MeteredHub/count");
        assertThat(spans.getFinishedSpanItems())
                .noneMatch(each -> each.getName().equals("MeteredHub/promise"));
        MeteredHub.promised.complete("kept");

        assertThat(span("MeteredHub/promise").getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
    }

    @Test
    void aPromiseThatIsBrokenFails() {
        Client client = Client.of(host);
        client.says(Client.call(1, "", "promise", ""));
        MeteredHub.promised.completeExceptionally(new CompletionException(new IllegalArgumentException("on purpose")));
        client.answer();

        SpanData span = span("MeteredHub/promise");
        assertThat(attribute(span, "error.type")).isEqualTo("java.lang.IllegalArgumentException");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void comingAndGoingAreSpansOfTheirOwn() {
        Client.of(host).vanishes();

        assertThat(span("MeteredHub/onConnected").getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(attribute(span("MeteredHub/onDisconnected"), "rpc.method")).isEqualTo("onDisconnected");
    }

    @Test
    void aClientThatIsNotLetInIsAFailure() {
        Client.at(host, "/hub?unwanted=1");

        assertThat(attribute(span("MeteredHub/onConnected"), "error.type"))
                .isEqualTo("io.hubwire.server.hub.HubException");
    }

    @Test
    void timersHaveTheSameTagsWhateverHappens() {
        Client client = Client.of(host);
        client.calls("fail", "");
        client.calls("shout", "\"hi\"");
        span("MeteredHub/shout");

        assertThat(meters.get("signalr.server.invocation").timers())
                .hasSize(2)
                .allSatisfy(timer -> assertThat(timer.getId().getTags())
                        .extracting(tag -> tag.getKey())
                        .containsExactlyInAnyOrder("error", "rpc.method", "rpc.service", "rpc.system"));
    }

    @Test
    void nothingIsDoneWhereNobodyLooks() throws Exception {
        HubServer unseen = HubServer.builder()
                .hub("/hub", MeteredHub.class)
                .scheduler(new FakeClock())
                .filter(new HubwireTracing(ObservationRegistry.NOOP))
                .build();
        try (InMemoryHost other = new InMemoryHost(unseen)) {
            assertThat(Client.of(other).calls("trace", "")).contains("\"result\":\"none\"");
        }
        unseen.close();

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }
}
