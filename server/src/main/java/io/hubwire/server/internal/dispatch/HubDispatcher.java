package io.hubwire.server.internal.dispatch;

import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubCall;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.hub.HubModel;
import io.hubwire.server.hub.TypedHub;
import io.hubwire.server.hub.UserIdProvider;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.spi.ServerObserver;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One hub at work: makes instances of it, and a caller for each of its connections. Safe for any thread. */
public final class HubDispatcher {

    private final HubModel model;
    private final HubMethods methods;
    private final FanOut fanOut;
    private final Services services;
    private final ErrorTexts texts;
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
    public HubDispatcher(HubModel model, FanOut fanOut, Services services, ErrorTexts texts) {
        this.model = model;
        this.methods = new HubMethods(model);
        this.fanOut = fanOut;
        this.services = services;
        this.texts = texts;
        this.observation = new Observation(services.observer);
        this.face = TypedHub.class.isAssignableFrom(model.type()) ? new TypedClients.Face<>(face(model.type())) : null;
        this.watchesConnected = isOverridden("onConnected");
        this.watchesDisconnected = isOverridden("onDisconnected");
    }

    private boolean isOverridden(String name) {
        return Arrays.stream(model.type().getMethods())
                .filter(method -> method.getName().equals(name))
                .map(Method::getDeclaringClass)
                .anyMatch(declaring -> declaring != HubBase.class);
    }

    /** The interface that a typed hub names, found through its generic superclasses. */
    private static Class<?> face(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            Type above = each.getGenericSuperclass();
            if (above instanceof ParameterizedType generic && generic.getRawType() == TypedHub.class) {
                if (generic.getActualTypeArguments()[0] instanceof Class<?> named) {
                    return named;
                }
            }
        }
        throw new IllegalArgumentException("Cannot find out the client interface of " + type.getName());
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

    Authorizer authorizer() {
        return services.authorizer;
    }

    UserIdProvider userIds() {
        return services.userIds;
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

    void release(HubBase<?> hub) {
        services.activator.release(hub);
    }

    private record Outside<T>(HubCallerClients<T> clients, FanOut groups) implements HubContext<T> {}

    /** What the application brings for all hubs. */
    public record Services(
            HubActivator activator, Authorizer authorizer, UserIdProvider userIds, ServerObserver observer) {}
}
