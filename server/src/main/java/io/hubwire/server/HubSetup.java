package io.hubwire.server;

import io.hubwire.protocol.PayloadMapper;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.HubModel;
import io.hubwire.server.internal.dispatch.HubDispatcher;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.Scheduler;
import io.hubwire.server.spi.ServerObserver;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How one hub treats its clients, wherever it is mounted. Not safe for several threads; what it says is taken when the
 * server is built.
 */
public final class HubSetup {

    private @Nullable HubOptions options;
    private final Payloads payloads = new Payloads();
    private final List<HubFilter> filters = new ArrayList<>();
    private final Map<String, List<HubFilter>> methodFilters = new HashMap<>();
    private SlowConsumerPolicy slowConsumers = SlowConsumerPolicy.disconnect();
    private final Map<String, SlowConsumerPolicy> slowConsumersByMethod = new HashMap<>();

    HubSetup() {}

    /** Sets the options of this hub in place of the server's. */
    public HubSetup options(HubOptions value) {
        options = Objects.requireNonNull(value, "options");
        return this;
    }

    /** Sets how values of this hub become bytes of the mapper's dialect and back, in place of the server's way. */
    public HubSetup payload(PayloadMapper value) {
        payloads.add(value);
        return this;
    }

    /** Adds a filter around what this hub does, inside those of the server. */
    public HubSetup filter(HubFilter filter) {
        filters.add(Objects.requireNonNull(filter, "filter"));
        return this;
    }

    /**
     * Adds a filter around one method of this hub, inside those of the hub. The server cannot be built if there is no such
     * method.
     *
     * @param method its name for clients; case does not matter
     */
    public HubSetup filter(String method, HubFilter filter) {
        methodFilters
                .computeIfAbsent(method.toLowerCase(Locale.ROOT), first -> new ArrayList<>())
                .add(Objects.requireNonNull(filter, "filter"));
        return this;
    }

    HubDispatcher.Around around(HubModel hub, List<HubFilter> ofTheServer) {
        for (String method : methodFilters.keySet()) {
            if (hub.methods().stream().noneMatch(each -> each.name().equalsIgnoreCase(method))) {
                throw new IllegalArgumentException(hub.name() + " has no method " + method + " to filter");
            }
        }
        List<HubFilter> all = new ArrayList<>(ofTheServer);
        all.addAll(filters);
        return new HubDispatcher.Around(all, methodFilters);
    }

    /** Sets what becomes of calls that wait for slow clients. Default {@link SlowConsumerPolicy#disconnect}. */
    public HubSetup slowConsumers(SlowConsumerPolicy value) {
        slowConsumers = Objects.requireNonNull(value, "slowConsumers");
        return this;
    }

    /**
     * Sets the same for calls of one method of the clients. The server cannot be built if the hub has a client interface
     * without such a method.
     *
     * @param clientMethod its name for clients; case does not matter
     */
    public HubSetup slowConsumers(String clientMethod, SlowConsumerPolicy value) {
        slowConsumersByMethod.put(
                Objects.requireNonNull(clientMethod, "clientMethod").toLowerCase(Locale.ROOT),
                Objects.requireNonNull(value, "slowConsumers"));
        return this;
    }

    FanOut.Setting setting(
            HubModel hub, Scheduler scheduler, ServerObserver observer, Collection<? extends Dialect> dialects) {
        hub.clientInterface().ifPresent(clients -> checkSlowConsumers(hub, clients));
        return new FanOut.Setting(scheduler, observer, dialects, slowConsumers, slowConsumersByMethod);
    }

    private void checkSlowConsumers(HubModel hub, Class<?> clients) {
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Method method : clients.getMethods()) {
            HubMethodName given = method.getAnnotation(HubMethodName.class);
            known.add(given == null ? method.getName() : given.value());
        }
        for (String method : slowConsumersByMethod.keySet()) {
            if (!known.contains(method)) {
                throw new IllegalArgumentException("slowConsumers of " + hub.name() + ": " + method
                        + " (expected: a method of " + clients.getName() + ", one of " + known + ")");
            }
        }
    }

    HubOptions optionsOr(HubOptions other) {
        return options == null ? other : options;
    }

    Payloads payloadsOr(Payloads others) {
        return payloads.or(others);
    }
}
