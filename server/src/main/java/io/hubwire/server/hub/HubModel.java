package io.hubwire.server.hub;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.BaseStream;

/**
 * The description of a hub: what can be called, with all overloads, and what is demanded of callers. Dispatch and the
 * generators of client proxies read the same one.
 *
 * @param name the name on the wire and across nodes
 * @param type the hub class
 * @param methods every callable method, by name and then by number of parameters
 * @param demands what every request to the hub must fulfil
 */
public record HubModel(String name, Class<? extends HubBase<?>> type, List<Callable> methods, List<Demand> demands) {

    /** Freezes the lists. */
    public HubModel {
        methods = List.copyOf(methods);
        demands = List.copyOf(demands);
    }

    /** Describes a hub class. */
    public static HubModel of(Class<? extends HubBase<?>> type) {
        HubName given = type.getAnnotation(HubName.class);
        String name = given == null ? type.getSimpleName() : given.value();
        List<Callable> methods = Arrays.stream(type.getMethods())
                .filter(HubModel::isCallable)
                .map(method -> Callable.of(name, type, method))
                .sorted(Comparator.comparing(Callable::name)
                        .thenComparingInt(each -> each.parameters().size())
                        .thenComparing(each -> each.method().toString()))
                .toList();
        return new HubModel(name, type, methods, demandsOf(type, name));
    }

    private static boolean isCallable(Method method) {
        return !Modifier.isStatic(method.getModifiers())
                && !method.isBridge()
                && !method.isSynthetic()
                && !HubBase.class.equals(method.getDeclaringClass())
                && !Object.class.equals(method.getDeclaringClass())
                && !isInherited(method, HubBase.class)
                && !isInherited(method, Object.class)
                && !isInherited(method, AutoCloseable.class);
    }

    private static boolean isInherited(Method method, Class<?> from) {
        return from.isAssignableFrom(method.getDeclaringClass())
                && Arrays.stream(from.getDeclaredMethods())
                        .anyMatch(base -> base.getName().equals(method.getName())
                                && Arrays.equals(base.getParameterTypes(), method.getParameterTypes()));
    }

    private static List<Demand> demandsOf(Class<?> type, String hub) {
        List<Demand> demands = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            demands.addAll(demands(each.getDeclaredAnnotationsByType(Authorize.class), hub, Optional.empty()));
        }
        return demands;
    }

    private static List<Demand> demands(Authorize[] annotations, String hub, Optional<String> method) {
        return Arrays.stream(annotations)
                .map(each -> new Demand(
                        hub,
                        method,
                        java.util.Set.of(each.roles()),
                        Optional.of(each.policy()).filter(policy -> !policy.isEmpty())))
                .toList();
    }

    /**
     * One method that clients can call.
     *
     * @param name the name on the wire, as declared; calls ignore its case
     * @param method the method itself
     * @param parameters what it takes, in order
     * @param result what it returns, without the {@link CompletionStage} around it: {@code void} or {@code Void} for
     *     nothing, the type of the items for a streaming method
     * @param streaming whether it returns a stream
     * @param nonBlocking whether it promises to return at once
     * @param demands what every call must fulfil
     */
    public record Callable(
            String name,
            Method method,
            List<Parameter> parameters,
            Type result,
            boolean streaming,
            boolean nonBlocking,
            List<Demand> demands) {

        /** Freezes the lists. */
        public Callable {
            parameters = List.copyOf(parameters);
            demands = List.copyOf(demands);
        }

        private static Callable of(String hub, Class<?> type, Method method) {
            HubMethodName given = method.getAnnotation(HubMethodName.class);
            String name = given == null ? method.getName() : given.value();
            Type returned = method.getGenericReturnType();
            Type unwrapped =
                    rawOf(returned) == CompletionStage.class || CompletionStage.class.isAssignableFrom(rawOf(returned))
                            ? firstArgument(returned)
                            : returned;
            boolean streaming = isStream(rawOf(unwrapped));
            return new Callable(
                    name,
                    method,
                    Arrays.stream(method.getGenericParameterTypes())
                            .map(Parameter::of)
                            .toList(),
                    streaming ? firstArgument(unwrapped) : unwrapped,
                    streaming,
                    method.isAnnotationPresent(NonBlocking.class) || type.isAnnotationPresent(NonBlocking.class),
                    HubModel.demands(method.getAnnotationsByType(Authorize.class), hub, Optional.of(name)));
        }

        /** The types of the parameters that come as values, in order. */
        public List<Type> valueTypes() {
            return parameters.stream()
                    .filter(each -> !each.stream())
                    .map(Parameter::type)
                    .toList();
        }

        /** How many parameters are streams from the client. */
        public int streamCount() {
            return (int) parameters.stream().filter(Parameter::stream).count();
        }
    }

    /**
     * One parameter of a hub method.
     *
     * @param type the type of the value, or of the items of a stream
     * @param stream whether it is a stream from the client
     */
    public record Parameter(Type type, boolean stream) {

        private static Parameter of(Type type) {
            boolean stream = isStream(rawOf(type)) && rawOf(type) != Iterable.class;
            return new Parameter(stream ? firstArgument(type) : type, stream);
        }
    }

    private static boolean isStream(Class<?> type) {
        return Flow.Publisher.class.isAssignableFrom(type)
                || BaseStream.class.isAssignableFrom(type)
                || type == Iterator.class
                || type == Iterable.class;
    }

    private static Class<?> rawOf(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : Object.class;
    }

    private static Type firstArgument(Type type) {
        return type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : Object.class;
    }
}
