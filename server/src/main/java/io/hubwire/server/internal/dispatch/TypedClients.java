package io.hubwire.server.internal.dispatch;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.hub.HubMethodName;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Clients that are called through an interface of theirs.
 *
 * @param <T> the client interface
 */
final class TypedClients<T> implements HubCallerClients<T> {

    private final HubCallerClients<ClientProxy> clients;
    private final Face<T> face;

    TypedClients(HubCallerClients<ClientProxy> clients, Face<T> face) {
        this.clients = clients;
        this.face = face;
    }

    @Override
    public T caller() {
        return face.of(clients.caller());
    }

    @Override
    public T others() {
        return face.of(clients.others());
    }

    @Override
    public T othersInGroup(String name) {
        return face.of(clients.othersInGroup(name));
    }

    @Override
    public T all() {
        return face.of(clients.all());
    }

    @Override
    public T allExcept(Collection<String> connectionIds) {
        return face.of(clients.allExcept(connectionIds));
    }

    @Override
    public T client(String connectionId) {
        return face.of(clients.client(connectionId));
    }

    @Override
    public T clients(Collection<String> connectionIds) {
        return face.of(clients.clients(connectionIds));
    }

    @Override
    public T group(String name) {
        return face.of(clients.group(name));
    }

    @Override
    public T groups(Collection<String> names) {
        return face.of(clients.groups(names));
    }

    @Override
    public T groupExcept(String name, Collection<String> connectionIds) {
        return face.of(clients.groupExcept(name, connectionIds));
    }

    @Override
    public T user(String userId) {
        return face.of(clients.user(userId));
    }

    @Override
    public T users(Collection<String> userIds) {
        return face.of(clients.users(userIds));
    }

    /** A client interface, checked: what its methods are called on the wire. */
    static final class Face<T> {

        private final Class<T> type;
        private final Map<Method, String> names = new HashMap<>();
        private final Map<Method, Type> results = new HashMap<>();

        /**
         * Checks an interface.
         *
         * @throws IllegalArgumentException if it is none, or has methods that a client cannot be called by
         */
        Face(Class<T> type) {
            this.type = type;
            if (!type.isInterface()) {
                throw new IllegalArgumentException("Type must be an interface: " + type.getName());
            }
            for (Method method : type.getMethods()) {
                if (!isCallable(method)) {
                    throw new IllegalArgumentException("Client method " + method
                            + " returns neither void nor a CompletionStage, or is static, default or generic");
                }
                HubMethodName given = method.getAnnotation(HubMethodName.class);
                names.put(method, given == null ? method.getName() : given.value());
                result(method).ifPresent(wanted -> results.put(method, wanted));
            }
        }

        private static boolean isCallable(Method method) {
            return (method.getReturnType() == void.class || isStage(method.getReturnType()))
                    && Modifier.isAbstract(method.getModifiers())
                    && method.getTypeParameters().length == 0;
        }

        private static boolean isStage(Class<?> type) {
            return type == CompletionStage.class || type == CompletableFuture.class;
        }

        /** What the client is asked for; empty when it is only told. */
        private static Optional<Type> result(Method method) {
            return method.getGenericReturnType() instanceof ParameterizedType generic
                    ? Optional.of(generic.getActualTypeArguments()[0]).filter(type -> type != Void.class)
                    : Optional.empty();
        }

        T of(ClientProxy clients) {
            InvocationHandler calls = (proxy, method, arguments) -> call(clients, proxy, method, arguments);
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
        }

        private @Nullable Object call(
                ClientProxy clients, Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
            String name = names.get(method);
            if (name == null) {
                return ofObject(proxy, method, arguments);
            }
            @Nullable Object[] values = arguments == null ? new Object[0] : arguments;
            Type wanted = results.get(method);
            if (wanted != null) {
                return clients.invoke(wanted, name, values);
            }
            CompletionStage<Void> sent = clients.send(name, values);
            if (method.getReturnType() != void.class) {
                return method.getReturnType() == CompletionStage.class ? sent : sent.toCompletableFuture();
            }
            failIfNotSent(sent);
            return null;
        }

        /** Nobody looks at the stage: what went wrong already is thrown. */
        private static void failIfNotSent(CompletionStage<Void> sent) {
            CompletableFuture<Void> known = sent.toCompletableFuture();
            if (known.isCompletedExceptionally() && known.exceptionNow() instanceof RuntimeException why) {
                throw why;
            }
        }

        private Object ofObject(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
            return switch (method.getName()) {
                case "equals" -> isSame(proxy, Objects.requireNonNull(arguments)[0]);
                case "hashCode" -> System.identityHashCode(proxy);
                default -> type.getSimpleName() + " of some clients";
            };
        }

        // Proxies are what they are and equal nothing else.
        @SuppressWarnings("ReferenceEquality")
        private static boolean isSame(Object proxy, @Nullable Object other) {
            return proxy == other;
        }
    }
}
