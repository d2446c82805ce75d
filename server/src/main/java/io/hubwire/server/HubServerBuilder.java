package io.hubwire.server;

import io.hubwire.protocol.PayloadMapper;
import io.hubwire.server.hub.Authenticator;
import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubModel;
import io.hubwire.server.hub.UserIdProvider;
import io.hubwire.server.internal.clock.TimingWheel;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.dispatch.HubDispatcher;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.Scheduler;
import io.hubwire.server.spi.ServerObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what a {@link HubServer} is made of. Not safe for several threads. */
public final class HubServerBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(HubServer.class);

    private final List<Mounted> mounts = new ArrayList<>();
    private final Map<Class<? extends HubBase<?>>, HubSetup> setups = new LinkedHashMap<>();
    private HubOptions options = HubOptions.builder().build();
    private final Payloads payloads = new Payloads();
    private Optional<Authenticator> authenticator = Optional.empty();
    private Authorizer authorizer = Authorizer.ROLES_ONLY;
    private UserIdProvider userIds = UserIdProvider.PRINCIPAL_NAME;
    private HubActivator activator = new ConstructorActivator();
    private final List<HubFilter> filters = new ArrayList<>();
    private ServerObserver observer = ServerObserver.NONE;
    private @Nullable Scheduler scheduler;
    private @Nullable Backplane backplane;
    private int maximumPendingConnections = 10_000;

    HubServerBuilder() {}

    /** Mounts a hub at a path with the defaults. */
    public HubServerBuilder hub(String path, Class<? extends HubBase<?>> hub) {
        return hub(path, hub, mount -> {});
    }

    /** Mounts a hub at a path. The same hub may be mounted at several. */
    public HubServerBuilder hub(String path, Class<? extends HubBase<?>> hub, Consumer<Mount> mount) {
        setups.computeIfAbsent(hub, first -> new HubSetup());
        return mounted(path, hub, null, mount);
    }

    /** Mounts a handler of raw connections at a path with the defaults. */
    public HubServerBuilder connection(String path, ConnectionHandler handler) {
        return connection(path, handler, mount -> {});
    }

    /** Mounts a handler of raw connections at a path. */
    public HubServerBuilder connection(String path, ConnectionHandler handler, Consumer<Mount> mount) {
        return mounted(path, null, Objects.requireNonNull(handler, "handler"), mount);
    }

    private HubServerBuilder mounted(
            String path,
            @Nullable Class<? extends HubBase<?>> hub,
            @Nullable ConnectionHandler handler,
            Consumer<Mount> configure) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: a leading slash)");
        }
        Mount mount = new Mount();
        configure.accept(mount);
        mounts.add(new Mounted(path, hub, handler, mount));
        return this;
    }

    /** Sets up one hub: its options and payload mappers, its filters, what its clients may miss when they are slow. */
    public HubServerBuilder configure(Class<? extends HubBase<?>> hub, Consumer<HubSetup> setup) {
        setup.accept(setups.computeIfAbsent(hub, first -> new HubSetup()));
        return this;
    }

    /** Sets the options of all hubs that have none of their own. */
    public HubServerBuilder options(HubOptions value) {
        options = Objects.requireNonNull(value, "options");
        return this;
    }

    /**
     * Sets how values become bytes of one dialect and back, see {@link PayloadMapper#dialect}; may be called once for
     * each. Default: the mappers that are on the class path, such as Jackson's. Clients of a hub may speak the dialects
     * that there is a mapper for, unless {@link HubOptions#supportedProtocols} says otherwise.
     *
     * @throws IllegalArgumentException if there is no such dialect
     */
    public HubServerBuilder payload(PayloadMapper value) {
        payloads.add(value);
        return this;
    }

    /** Sets who tells users by their requests. Default: the container's principal counts. */
    public HubServerBuilder authenticator(Authenticator value) {
        authenticator = Optional.of(Objects.requireNonNull(value, "authenticator"));
        return this;
    }

    /** Sets who decides what users may do. Default: {@link Authorizer#ROLES_ONLY}. */
    public HubServerBuilder authorizer(Authorizer value) {
        authorizer = Objects.requireNonNull(value, "authorizer");
        return this;
    }

    /** Sets what users are addressed by. Default: the principal's name. */
    public HubServerBuilder userIdProvider(UserIdProvider value) {
        userIds = Objects.requireNonNull(value, "userIdProvider");
        return this;
    }

    /** Sets who makes hub instances. Default: the constructor without parameters. */
    public HubServerBuilder activator(HubActivator value) {
        activator = Objects.requireNonNull(value, "activator");
        return this;
    }

    /** Adds a filter around what all hubs do; the first that is added is the outermost. */
    public HubServerBuilder filter(HubFilter filter) {
        filters.add(Objects.requireNonNull(filter, "filter"));
        return this;
    }

    /** Sets who watches. Default: nobody. */
    public HubServerBuilder observer(ServerObserver value) {
        observer = Objects.requireNonNull(value, "observer");
        return this;
    }

    /** Sets where time comes from. Default: a timing wheel of the server's own. */
    public HubServerBuilder scheduler(Scheduler value) {
        scheduler = Objects.requireNonNull(value, "scheduler");
        return this;
    }

    /** Sets what connects this node to others. Default: nothing, this node is alone. */
    public HubServerBuilder backplane(Backplane value) {
        backplane = Objects.requireNonNull(value, "backplane");
        return this;
    }

    /**
     * Sets how many clients may have negotiated without connecting yet; more are answered with 503. Default 10,000.
     *
     * @throws IllegalArgumentException if below 1
     */
    public HubServerBuilder maximumPendingConnections(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("maximumPendingConnections: " + value + " (expected: >= 1)");
        }
        maximumPendingConnections = value;
        return this;
    }

    /**
     * Makes the server.
     *
     * @throws IllegalArgumentException if a hub cannot be served to ASP.NET Core clients (overloaded or generic methods,
     *     a client interface that is none), two hubs share a name, a hub is set up that is mounted nowhere, or a filter
     *     or a policy for slow clients is set for a method that is not there
     * @throws IllegalStateException if there is no payload mapper for JSON, or for a protocol that is to be supported,
     *     neither set nor on the class path
     */
    public HubServer build() {
        return new HubServer(this);
    }

    Map<Class<?>, HostedHub> hubs(Backplane joined, HubConnection.Shared shared) {
        HubDispatcher.Services services = new HubDispatcher.Services(activator, authorizer, userIds, observer, filters);
        Payloads all = payloads.or(Payloads.found());
        Map<Class<?>, HostedHub> hosted = new LinkedHashMap<>();
        Map<String, Class<?>> names = new LinkedHashMap<>();
        setups.forEach((hub, setup) -> {
            if (mounts.stream().noneMatch(mounted -> mounted.hub() == hub)) {
                throw new IllegalArgumentException(hub.getName() + " is set up and mounted nowhere");
            }
            HubModel model = HubModel.of(hub);
            Class<?> namesake = names.put(model.name(), hub);
            if (namesake != null) {
                throw new IllegalArgumentException(namesake.getName() + " and " + hub.getName() + " are both named "
                        + model.name() + ": give one a @HubName");
            }
            HubOptions chosen = setup.optionsOr(options);
            warn(model, chosen);
            var protocols = setup.payloadsOr(all).protocols(chosen.supportedProtocols());
            hosted.put(hub, new HostedHub(model, chosen, protocols, joined, setup, shared, services));
        });
        return hosted;
    }

    private static void warn(HubModel hub, HubOptions options) {
        if (options.clientTimeoutInterval()
                        .compareTo(options.keepAliveInterval().multipliedBy(2))
                < 0) {
            LOG.warn(
                    "{}: clientTimeoutInterval {} is below twice the keepAliveInterval {}; clients may be timed out"
                            + " between two pings",
                    hub.name(),
                    options.clientTimeoutInterval(),
                    options.keepAliveInterval());
        }
    }

    List<Mounted> mounts() {
        return mounts;
    }

    ServerObserver observer() {
        return observer;
    }

    Optional<Authenticator> authenticator() {
        return authenticator;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    Scheduler scheduler() {
        return scheduler == null ? new TimingWheel() : scheduler;
    }

    Backplane backplane() {
        return backplane == null ? FanOut.localBackplane() : backplane;
    }

    int maximumPendingConnections() {
        return maximumPendingConnections;
    }

    /** One path and what is there. */
    record Mounted(
            String path,
            @Nullable Class<? extends HubBase<?>> hub,
            @Nullable ConnectionHandler handler,
            Mount mount) {

        ConnectionHandler handlerOrThrow() {
            return Objects.requireNonNull(handler, "handler");
        }
    }
}
