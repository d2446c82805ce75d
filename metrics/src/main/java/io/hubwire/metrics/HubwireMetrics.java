package io.hubwire.metrics;

import io.hubwire.protocol.BindingException;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.HubServer;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ServerObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The meters of a server: connections by the names of OpenTelemetry ({@code signalr.server.…}), the rest below
 * {@code hubwire}.
 *
 * <p>Tags have few values: names of hubs and of the methods that they declare, of transports, of limits. What clients make
 * up is not among them, nor whom anything is for. Safe for any thread, and for several servers, whose figures are added up.
 * One for each registry: of several gauges by one name a registry shows the first.
 */
public final class HubwireMetrics implements ServerObserver {

    private static final String ACTIVE = "signalr.server.active_connections";
    private static final String DURATION = "signalr.server.connection.duration";
    private static final String TRANSPORT = "signalr.transport";
    private static final String STATUS = "signalr.connection.status";
    private static final String HUB = "hub";
    private static final String METHOD = "method";

    /** The bounds that go with OpenTelemetry's name. */
    private static final Duration[] BUCKETS = Stream.of(
                    10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<String, LongAdder> active = new ConcurrentHashMap<>();

    /** The registry finds meters by tags that are put in order each time; here they are found as they are. */
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    /** Guards the two below. */
    private final ReentrantLock watching = new ReentrantLock();

    /** As long as anybody else has a use for them. */
    private final Set<HubServer> watched = Collections.newSetFromMap(new WeakHashMap<>());

    private boolean showsPending;

    /** Measures into {@code registry}, once the server has this as its observer. */
    public HubwireMetrics(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        Arrays.stream(TransportType.values()).map(TransportType::wireName).forEach(this::active);
    }

    /**
     * Measures what a server does not tell as it happens: how many clients have negotiated and not connected yet, those of
     * all servers that are watched together. A server that nobody else holds is forgotten.
     */
    public void watch(HubServer server) {
        watching.lock();
        try {
            watched.add(Objects.requireNonNull(server, "server"));
            if (!showsPending) {
                Gauge.builder("hubwire.connections.pending", this, HubwireMetrics::pending)
                        .description("Clients that have negotiated and not connected yet")
                        .register(registry);
                showsPending = true;
            }
        } finally {
            watching.unlock();
        }
    }

    private int pending() {
        watching.lock();
        try {
            return watched.stream().mapToInt(HubServer::pendingCount).sum();
        } finally {
            watching.unlock();
        }
    }

    // ---- connections

    @Override
    public void connected(String hub, ConnectionId connection, String transport) {
        active(transport).increment();
    }

    @Override
    public void disconnected(String hub, ConnectionId connection, String transport, End end, Duration lifetime) {
        active(transport).decrement();
        timers.computeIfAbsent(
                        new Key(DURATION, List.of(STATUS, status(end), TRANSPORT, named(transport))),
                        key -> Timer.builder(key.name)
                                .description("The duration of connections on the server")
                                .tags(key.tags())
                                .serviceLevelObjectives(BUCKETS)
                                .register(registry))
                .record(lifetime);
    }

    private LongAdder active(String transport) {
        LongAdder known = active.get(transport);
        return known != null ? known : active.computeIfAbsent(transport, this::shown);
    }

    private LongAdder shown(String transport) {
        LongAdder count = new LongAdder();
        Gauge.builder(ACTIVE, count, LongAdder::sum)
                .description("Connections that are currently active on the server")
                .baseUnit("connections")
                .tag(TRANSPORT, named(transport))
                .register(registry);
        return count;
    }

    /** The name of a transport in OpenTelemetry: {@code web_sockets}. */
    private static String named(String transport) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < transport.length(); i++) {
            char each = transport.charAt(i);
            if (Character.isUpperCase(each) && !name.isEmpty()) {
                name.append('_');
            }
            name.append(Character.toLowerCase(each));
        }
        return name.toString();
    }

    private static String status(End end) {
        return switch (end.reason()) {
            case NORMAL -> "normal_closure";
            case TIMEOUT -> "timeout";
            case SHUTDOWN -> "app_shutdown";
        };
    }

    // ---- calls and streams

    @Override
    public void called(String hub, ConnectionId connection, String method, Optional<Throwable> error, Duration time) {
        timers.computeIfAbsent(
                        new Key("hubwire.calls", List.of(HUB, hub, METHOD, method, "outcome", outcome(error))),
                        key -> Timer.builder(key.name)
                                .description("Calls of hub methods, to their answers")
                                .tags(key.tags())
                                .register(registry))
                .record(time);
    }

    private static String outcome(Optional<Throwable> error) {
        return error.map(why -> switch (why) {
                    case HubException meantForTheCaller -> "refused";
                    case BindingException unfit -> "unfit";
                    case CancellationException cancelled -> "cancelled";
                    default -> "failed";
                })
                .orElse("success");
    }

    @Override
    public void streamed(String hub, ConnectionId connection, String method, long items) {
        count("hubwire.streams", 1, HUB, hub, METHOD, method);
        count("hubwire.stream.items", items, HUB, hub, METHOD, method);
    }

    // ---- messages

    @Override
    public void sent(String hub, String target, int recipients) {
        count("hubwire.messages", 1, HUB, hub);
        count("hubwire.message.recipients", recipients, HUB, hub);
    }

    @Override
    public void discarded(String hub, ConnectionId connection, String method, int count) {
        count("hubwire.messages.discarded", count, HUB, hub);
    }

    // ---- trouble

    @Override
    public void dropped(String hub, ConnectionId connection, long waiting) {
        count("hubwire.connections.dropped", 1, HUB, hub);
    }

    @Override
    public void limited(String hub, ConnectionId connection, String limit) {
        count("hubwire.limits.reached", 1, HUB, hub, "limit", limit);
    }

    @Override
    public void failed(String hub, ConnectionId connection, Throwable error) {
        count("hubwire.failures", 1, HUB, hub, "cause", cause(error));
    }

    private static String cause(Throwable error) {
        return switch (error) {
            case ProtocolException misunderstood -> "protocol";
            case CancellationException silent -> "timeout";
            case HubException refused -> "refused";
            default -> "server";
        };
    }

    private void count(String name, long amount, String... tags) {
        counters.computeIfAbsent(new Key(name, List.of(tags)), key -> registry.counter(key.name, key.tags()))
                .increment((double) amount);
    }

    /** A meter by its name, and its tags by name and value in turn. */
    private record Key(String name, List<String> pairs) {

        String[] tags() {
            return pairs.toArray(String[]::new);
        }
    }
}
