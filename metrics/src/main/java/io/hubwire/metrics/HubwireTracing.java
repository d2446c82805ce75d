package io.hubwire.metrics;

import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubCallerContext;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubInvocation;
import io.hubwire.server.hub.HubModel;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One observation of every call, and of every coming and going, in the words of OpenTelemetry.
 *
 * <p>A call is a child of the client's span where the client has sent its trace context along, as the .NET client does; it
 * lasts until the method has returned, or until the stage that it has returned is done. A stream is not waited for. Where
 * nothing else is observed outside, this is best the first filter. Safe for any thread.
 */
public final class HubwireTracing implements HubFilter {

    private static final String CALL = "signalr.server.invocation";
    private static final String LIFETIME = "signalr.server.lifetime";

    /** What hubs are called on the wire, by their classes. */
    private static final ClassValue<String> NAMES = new ClassValue<>() {
        @Override
        // Asked for the classes of hubs only.
        @SuppressWarnings("unchecked")
        protected String computeValue(Class<?> hub) {
            return HubModel.of((Class<? extends HubBase<?>>) hub).name();
        }
    };

    private final ObservationRegistry registry;

    /** Observes by {@code registry}, whose handlers make spans of it, or timers. */
    public HubwireTracing(ObservationRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    @Override
    public @Nullable Object invoke(HubInvocation invocation, Next next) throws Exception {
        if (registry.isNoop()) {
            return next.invoke(invocation);
        }
        Observation call = started(CALL, invocation.hub(), invocation.method().name(), received(invocation));
        Object result;
        try {
            result = call.scopedChecked(() -> next.invoke(invocation));
        } catch (Exception | Error thrown) {
            stop(call, thrown);
            throw thrown;
        }
        if (result instanceof CompletionStage<?> stage) {
            stage.whenComplete((value, thrown) -> stopLater(call, thrown));
        } else {
            call.stop();
        }
        return result;
    }

    /** What the client has sent along says where the call comes from. */
    private static Observation.Context received(HubInvocation invocation) {
        ReceiverContext<Map<String, String>> context = new ReceiverContext<>(Map::get, Kind.SERVER);
        context.setCarrier(invocation.headers());
        return context;
    }

    private static void stopLater(Observation call, @Nullable Throwable thrown) {
        if (thrown == null) {
            call.stop();
        } else {
            Throwable why =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            call.error(why);
            stop(call, why);
        }
    }

    /** Ends what has failed; of which kind of failure is for the span alone, since timers have a tag of their own for it. */
    private static void stop(Observation failed, Throwable why) {
        failed.highCardinalityKeyValue("error.type", why.getClass().getName());
        failed.stop();
    }

    @Override
    public void connected(HubCallerContext client, HubBase<?> hub, Lifetime next) throws Exception {
        observe("onConnected", hub, next);
    }

    @Override
    public void disconnected(HubCallerContext client, HubBase<?> hub, Departure departure, Lifetime next)
            throws Exception {
        observe("onDisconnected", hub, next);
    }

    private void observe(String event, HubBase<?> hub, Lifetime next) throws Exception {
        if (registry.isNoop()) {
            next.run();
            return;
        }
        Observation observed = started(LIFETIME, hub, event, new Observation.Context());
        try {
            observed.scopedChecked(next::run);
        } catch (Exception | Error thrown) {
            stop(observed, thrown);
            throw thrown;
        }
        observed.stop();
    }

    private Observation started(String name, HubBase<?> hub, String method, Observation.Context context) {
        String service = NAMES.get(hub.getClass());
        return Observation.createNotStarted(name, () -> context, registry)
                .contextualName(service + "/" + method)
                .lowCardinalityKeyValues(
                        KeyValues.of("rpc.system", "signalr", "rpc.service", service, "rpc.method", method))
                .start();
    }
}
