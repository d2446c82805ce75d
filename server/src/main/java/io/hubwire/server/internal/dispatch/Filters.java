package io.hubwire.server.internal.dispatch;

import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubCallerContext;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubInvocation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters one around the other, the first outermost. Immutable. */
final class Filters {

    private final List<HubFilter> filters;

    Filters(List<HubFilter> filters) {
        this.filters = List.copyOf(filters);
    }

    /** Whether there is none. */
    boolean isEmpty() {
        return filters.isEmpty();
    }

    /** Whether any of them does something about this event. */
    boolean watch(String event) {
        return filters.stream()
                .flatMap(filter -> Arrays.stream(filter.getClass().getMethods()))
                .anyMatch(method -> method.getName().equals(event) && method.getDeclaringClass() != HubFilter.class);
    }

    @Nullable Object invoke(HubInvocation invocation, HubFilter.Next method) throws Exception {
        HubFilter.Next next = method;
        for (HubFilter filter : filters.reversed()) {
            HubFilter.Next inner = next;
            next = call -> filter.invoke(call, inner);
        }
        return next.invoke(invocation);
    }

    void connected(HubCallerContext client, HubBase<?> hub) throws Exception {
        HubFilter.Lifetime next = hub::onConnected;
        for (HubFilter filter : filters.reversed()) {
            HubFilter.Lifetime inner = next;
            next = () -> filter.connected(client, hub, inner);
        }
        next.run();
    }

    void disconnected(HubCallerContext client, HubBase<?> hub, Departure departure) throws Exception {
        HubFilter.Lifetime next = () -> hub.onDisconnected(departure);
        for (HubFilter filter : filters.reversed()) {
            HubFilter.Lifetime inner = next;
            next = () -> filter.disconnected(client, hub, departure, inner);
        }
        next.run();
    }
}
