package io.hubwire.server;

import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.internal.clock.TimingWheel;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.endpoint.Endpoints;
import io.hubwire.server.internal.endpoint.Route;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.transport.Connections;
import io.hubwire.server.internal.transport.PendingConnections;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Scheduler;
import io.hubwire.server.spi.ServerObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hubs at paths: what a host mounts, and a world of its own. Within one server a hub class has one set of connections,
 * groups and users, however many paths it is mounted on.
 *
 * <p>Safe for any thread. Serves from the moment it is built until {@link #drain} or {@link #stop}.
 */
public final class HubServer implements HttpEndpoint, AutoCloseable {

    /** How long {@link #stop} waits for transports to end before it cuts them. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration FOREVER = Duration.ofDays(100 * 365);

    private final Endpoints endpoints;
    private final Map<Class<?>, HostedHub> hubs;
    private final HubConnection.Shared shared;
    private final PendingConnections pending;
    private final Backplane backplane;
    private final Scheduler scheduler;
    private final ServerObserver observer;
    private final Set<RawPipe> rawPipes = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    HubServer(HubServerBuilder builder) {
        scheduler = builder.scheduler();
        backplane = builder.backplane();
        observer = builder.observer();
        shared = new HubConnection.Shared(scheduler);
        pending = new PendingConnections(builder.maximumPendingConnections());
        hubs = builder.hubs(backplane, shared);
        backplane.join(new Node(hubs.values()));
        endpoints = new Endpoints(
                builder.mounts().stream().map(this::route).toList(), builder.authenticator(), builder.authorizer());
    }

    /** Starts from an empty server. */
    public static HubServerBuilder builder() {
        return new HubServerBuilder();
    }

    private Route route(HubServerBuilder.Mounted mounted) {
        TransportOptions transports = mounted.mount().transports();
        HostedHub hub = mounted.hub() == null ? null : hubs.get(mounted.hub());
        Connections connections = new Connections(
                transports,
                pending,
                scheduler,
                mounted.mount().redirect(),
                hub == null ? pipe -> raw(pipe, mounted) : hub.at(transports));
        return new Route(
                mounted.path(),
                connections,
                mounted.mount().crossOrigin(),
                hub == null ? List.of() : hub.model().demands());
    }

    private Pipe.Receiver raw(Pipe pipe, HubServerBuilder.Mounted mounted) {
        RawPipe raw = new RawPipe(pipe, mounted, observer, rawPipes::remove);
        rawPipes.add(raw);
        if (draining) {
            raw.end(Pipe.Ending.GOING_AWAY);
        }
        return raw;
    }

    @Override
    public boolean handle(HttpExchange exchange) {
        return endpoints.handle(exchange);
    }

    /**
     * A hub seen from outside: to send what no client asked for.
     *
     * @param hub the hub class
     * @param <T> how its clients are called
     * @throws IllegalArgumentException if the class is mounted nowhere
     */
    // The context was made for exactly this class, whose client type is T.
    @SuppressWarnings("unchecked")
    public <T> HubContext<T> context(Class<? extends HubBase<T>> hub) {
        return (HubContext<T>) hosted(hub).context();
    }

    /**
     * How many clients of a hub are connected to this node.
     *
     * @throws IllegalArgumentException if the class is mounted nowhere
     */
    public int connectionCount(Class<? extends HubBase<?>> hub) {
        return hosted(hub).fanOut().size();
    }

    /** How many clients have negotiated and not connected yet. */
    public int pendingCount() {
        return pending.count();
    }

    private HostedHub hosted(Class<?> hub) {
        HostedHub hosted = hubs.get(hub);
        if (hosted == null) {
            throw new IllegalArgumentException(hub.getName() + " is mounted nowhere on this server");
        }
        return hosted;
    }

    /** {@link #drain(Duration, Duration)} of all clients at once. */
    public CompletionStage<Void> drain(Duration limit) {
        return drain(limit, Duration.ZERO);
    }

    /**
     * Goes out of service without hurting anyone. New clients are refused from now on: 503, with a {@code Retry-After} that
     * names the end of the drain. Those that are here go one after the other, evenly over {@code spread}, so that whoever
     * takes them over is not overrun: no new call is taken from the client whose turn it is, the calls and streams that run
     * or wait may end, then it is told to come back, which its automatic reconnect does somewhere else.
     *
     * @param limit how long the calls and streams of a client may take to end when its turn has come; then it is sent away
     *     all the same
     * @param spread over how much time the turns are spread; zero for all at once
     * @return done, on a virtual thread, when every connection has ended
     * @throws IllegalArgumentException if a time is negative
     */
    public CompletionStage<Void> drain(Duration limit, Duration spread) {
        return drainWithin(atMostForever("limit", limit), atMostForever("spread", spread));
    }

    /** No longer than can be counted, and added up, in nanoseconds. */
    private static Duration atMostForever(String name, Duration time) {
        if (Objects.requireNonNull(time, name).isNegative()) {
            throw new IllegalArgumentException(name + ": " + time + " (expected: not negative)");
        }
        return time.compareTo(FOREVER) < 0 ? time : FOREVER;
    }

    private CompletionStage<Void> drainWithin(Duration limit, Duration spread) {
        pending.close(spread.plus(limit));
        draining = true;
        CompletableFuture<Void> over = shared.whenEmpty().toCompletableFuture();
        List<Runnable> turns = new ArrayList<>();
        for (RawPipe raw : rawPipes) {
            turns.add(() -> raw.end(Pipe.Ending.GOING_AWAY));
            over = CompletableFuture.allOf(over, raw.over());
        }
        shared.connections().forEach(connection -> turns.add(() -> sendAway(connection, limit)));
        new Stagger(scheduler, turns, spread).start();
        return over.minimalCompletionStage();
    }

    private void sendAway(HubConnection connection, Duration limit) {
        Scheduler.Timer timer = scheduler.schedule(limit, connection::goAway);
        connection.windDown().thenRun(connection::goAway).thenRun(timer::cancel);
    }

    /**
     * Ends the service now: as {@link #drain} without waiting for calls. Connections that have not ended after five
     * seconds are cut, and what hubs still do for clients that have left is waited for as long again.
     *
     * @return done, on a virtual thread, when every connection has ended; this server's thread and its backplane are
     *     closed then
     */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> drained = drain(Duration.ZERO).toCompletableFuture();
        Scheduler.Timer cutting = scheduler.schedule(PATIENCE, this::cut);
        Scheduler.Timer leaving = scheduler.schedule(
                PATIENCE.multipliedBy(2), () -> Thread.startVirtualThread(() -> drained.complete(null)));
        return drained.thenRun(() -> {
                    cutting.cancel();
                    leaving.cancel();
                    backplane.close();
                    if (scheduler instanceof TimingWheel wheel) {
                        wheel.close();
                    }
                })
                .minimalCompletionStage();
    }

    private void cut() {
        shared.connections().forEach(connection -> connection.pipe().abort());
        rawPipes.forEach(RawPipe::abort);
    }

    /** {@link #stop}, waited for. Not to be called on an engine thread. */
    @Override
    public void close() {
        stop().toCompletableFuture()
                .completeOnTimeout(null, PATIENCE.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** What arrives from other nodes, by hub. */
    private static final class Node implements Backplane.Node {

        private final Map<String, FanOut> byName = new HashMap<>();

        Node(Iterable<HostedHub> hubs) {
            hubs.forEach(hub -> byName.put(hub.model().name(), hub.fanOut()));
        }

        @Override
        public CompletionStage<Void> deliver(Delivery delivery) {
            FanOut hub = byName.get(delivery.hub());
            return hub == null ? CompletableFuture.completedFuture(null) : hub.deliver(delivery);
        }

        @Override
        public boolean member(String hub, ConnectionId connection, String group, boolean joined) {
            @Nullable FanOut known = byName.get(hub);
            return known != null && known.member(connection, group, joined);
        }

        @Override
        public Optional<CompletionStage<Message>> ask(
                String hub, ConnectionId connection, String invocationId, Message call) {
            return Optional.ofNullable(byName.get(hub)).flatMap(known -> known.answer(connection, invocationId, call));
        }
    }
}
