package io.hubwire.server;

import io.hubwire.protocol.PayloadMapper;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.Backplane;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one hub treats its clients, wherever it is mounted. Not safe for several threads; what it says is taken when the
 * server is built.
 */
public final class HubSetup {

    private @Nullable HubOptions options;
    private @Nullable PayloadMapper payload;
    private SlowConsumerPolicy slowConsumers = SlowConsumerPolicy.disconnect();
    private final Map<String, SlowConsumerPolicy> slowConsumersByMethod = new HashMap<>();

    HubSetup() {}

    /** Sets the options of this hub in place of the server's. */
    public HubSetup options(HubOptions value) {
        options = Objects.requireNonNull(value, "options");
        return this;
    }

    /** Sets how values of this hub become JSON and back, in place of the server's way. */
    public HubSetup payload(PayloadMapper value) {
        payload = Objects.requireNonNull(value, "payload");
        return this;
    }

    /** Sets what becomes of calls that wait for slow clients. Default {@link SlowConsumerPolicy#disconnect}. */
    public HubSetup slowConsumers(SlowConsumerPolicy value) {
        slowConsumers = Objects.requireNonNull(value, "slowConsumers");
        return this;
    }

    /** Sets the same for calls of one method of the clients, whose name ignores case. */
    public HubSetup slowConsumers(String clientMethod, SlowConsumerPolicy value) {
        slowConsumersByMethod.put(
                Objects.requireNonNull(clientMethod, "clientMethod").toLowerCase(Locale.ROOT),
                Objects.requireNonNull(value, "slowConsumers"));
        return this;
    }

    FanOut fanOut(String hub, Backplane backplane) {
        return new FanOut(hub, backplane, slowConsumers, slowConsumersByMethod);
    }

    HubOptions optionsOr(HubOptions other) {
        return options == null ? other : options;
    }

    PayloadMapper payloadOr(PayloadMapper other) {
        return payload == null ? other : payload;
    }
}
