package io.hubwire.server.internal.dispatch;

import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Demand;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubCall;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubModel;
import io.hubwire.server.hub.HubPresence;
import io.hubwire.server.hub.UserIdProvider;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Recipients;
import io.hubwire.server.spi.ServerObserver;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One hub at work: makes instances of it, and a caller for each of its connections. Safe for any thread. */
public final class HubDispatcher {

    private final HubModel model;
    private final HubMethods methods;
    private final FanOut fanOut;
    private final Services services;
    private final HubOptions options;
    private final ErrorTexts texts;
    private final Filters filters;
    private final Observation observation;
    private final TypedClients.@Nullable Face<?> face;
    private final boolean watchesConnected;
    private final boolean watchesDisconnected;

    /**
     * Prepares a hub.
     *
     * @throws IllegalArgumentException if ASP.NET Core clients cannot be served: overloads, generic methods, a client
     *     interface that is none
     */
    public HubDispatcher(HubModel model, FanOut fanOut, Services services, HubOptions options, Around around) {
        this.model = model;
        this.methods = new HubMethods(model, around::of);
        this.fanOut = fanOut;
        this.services = services;
        this.options = options;
        this.texts = new ErrorTexts(options.enableDetailedErrors());
        this.filters = new Filters(around.hub);
        this.observation = new Observation(services.observer);
        this.face = model.clientInterface().map(HubDispatcher::face).orElse(null);
        this.watchesConnected = isOverridden("onConnected") || filters.watch("connected");
        this.watchesDisconnected = isOverridden("onDisconnected") || filters.watch("disconnected");
    }

    private boolean isOverridden(String name) {
        return Arrays.stream(model.type().getMethods())
                .filter(method -> method.getName().equals(name))
                .map(Method::getDeclaringClass)
                .anyMatch(declaring -> declaring != HubBase.class);
    }

    private static TypedClients.Face<?> face(Class<?> clients) {
        return new TypedClients.Face<>(clients);
    }

    /** The hub's side of a new connection. */
    public HubConnection.Listener caller(HubConnection connection) {
        return new Caller(this, connection);
    }

    /** The hub seen from outside. */
    public HubContext<?> context() {
        return new Outside<>(typed(fanOut.clients()), fanOut);
    }

    HubModel model() {
        return model;
    }

    HubMethods methods() {
        return methods;
    }

    FanOut fanOut() {
        return fanOut;
    }

    /** Asks the authorizer, and waits for it: not on an engine's thread unless nothing is demanded. */
    boolean mayCall(Optional<Principal> user, List<Demand> demands) throws Throwable {
        try {
            for (Demand demand : demands) {
                if (!services.authorizer
                        .authorize(user, demand)
                        .toCompletableFuture()
                        .get()) {
                    return false;
                }
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() == null ? failed : failed.getCause();
        }
        return true;
    }

    UserIdProvider userIds() {
        return services.userIds;
    }

    HubOptions options() {
        return options;
    }

    /** What stands around the coming and going of clients. */
    Filters filters() {
        return filters;
    }

    ErrorTexts texts() {
        return texts;
    }

    Observation observation() {
        return observation;
    }

    boolean watchesConnected() {
        return watchesConnected;
    }

    boolean watchesDisconnected() {
        return watchesDisconnected;
    }

    HubCallerClients<?> typed(HubCallerClients<ClientProxy> clients) {
        return face == null ? clients : new TypedClients<>(clients, face);
    }

    /** Makes an instance that serves one call of a client. */
    HubBase<?> create(HubCall<?> call) throws Exception {
        HubBase<?> hub = services.activator.create(model.type());
        give(call, hub);
        return hub;
    }

    // The hub's client type and the call's were read off the same class.
    @SuppressWarnings("unchecked")
    private static <T> void give(HubCall<T> call, HubBase<?> hub) {
        call.give((HubBase<T>) hub);
    }

    /** Gives an instance back; what the activator throws is its own matter. */
    void release(ConnectionId connection, HubBase<?> hub) {
        try {
            services.activator.release(hub);
        } catch (Exception | Error thrown) {
            DispatchLog.releaseFailed(connection, model.name(), thrown);
        }
    }

    private record Outside<T>(HubCallerClients<T> clients, FanOut groups) implements HubContext<T> {

        @Override
        public HubPresence presence() {
            return groups.presence();
        }

        @Override
        public CompletionStage<Void> abort(String connectionId) {
            return groups.abort(new Recipients.Connections(List.of(new ConnectionId(connectionId))));
        }

        @Override
        public CompletionStage<Void> abortUser(String userId) {
            return groups.abort(new Recipients.Users(List.of(userId)));
        }
    }

    /**
     * What stands around the methods of one hub.
     *
     * @param hub around all of them, the first outermost
     * @param methods around one of them, by its name in lower case, inside those of the hub
     */
    public record Around(List<HubFilter> hub, Map<String, List<HubFilter>> methods) {

        private Filters of(HubModel.Callable method) {
            List<HubFilter> all = new ArrayList<>(hub);
            all.addAll(methods.getOrDefault(method.name().toLowerCase(Locale.ROOT), List.of()));
            return new Filters(all);
        }
    }

    /** What the application brings for all hubs. */
    public record Services(
            HubActivator activator,
            Authorizer authorizer,
            UserIdProvider userIds,
            ServerObserver observer,
            List<HubFilter> filters) {}
}
