package io.hubwire.server.hub;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** As what a method may take a stream from the client. */
    private static final Set<Class<?>> UPLOADS =
            Set.of(HubStream.class, Stream.class, Iterator.class, Flow.Publisher.class);

    /** Freezes the lists. */
    public HubModel {
        methods = List.copyOf(methods);
        demands = List.copyOf(demands);
    }

    /** Describes a hub class. */
    public static HubModel of(Class<? extends HubBase<?>> type) {
        HubName given = type.getAnnotation(HubName.class);
        String name = given == null ? type.getSimpleName() : given.value();
        TypeArguments arguments = new TypeArguments(type);
        List<Callable> methods = callable(type, arguments).stream()
                .map(overridden -> Callable.of(name, type, overridden, arguments))
                .sorted(Comparator.comparing(Callable::name)
                        .thenComparingInt(each -> each.parameters().size())
                        .thenComparing(each -> each.method().toString()))
                .toList();
        return new HubModel(name, type, methods, demandsOf(type, name));
    }

    /** The interface that the hub calls its clients through; empty if it is no {@link TypedHub}. */
    public Optional<Class<?>> clientInterface() {
        return TypedHub.class.isAssignableFrom(type)
                ? Optional.of(TypeArguments.erased(
                        new TypeArguments(type).resolved(TypedHub.class.getTypeParameters()[0])))
                : Optional.empty();
    }

    /**
     * Every method that can be called, each with those that it overrides behind it. Found class by class, since the
     * compiler's bridges hide some from {@link Class#getMethods}.
     */
    private static Collection<List<Method>> callable(Class<?> type, TypeArguments arguments) {
        Map<List<Object>, List<Method>> found = new LinkedHashMap<>();
        Set<List<Object>> notForClients = notForClients(type);
        for (Class<?> each = type; each != null && !isOurs(each); each = each.getSuperclass()) {
            for (Method method : each.getDeclaredMethods()) {
                List<Object> signature = signature(method, arguments);
                if (isForClients(method) && !notForClients.contains(signature)) {
                    found.computeIfAbsent(signature, first -> new ArrayList<>()).add(method);
                }
            }
        }
        for (Method method : type.getMethods()) {
            if (method.isDefault() && isForClients(method)) {
                found.computeIfAbsent(signature(method, arguments), notOverridden -> List.of(method));
            }
        }
        return found.values();
    }

    private static boolean isOurs(Class<?> type) {
        return type.equals(HubBase.class) || type.equals(Hub.class) || type.equals(TypedHub.class);
    }

    private static boolean isForClients(Method method) {
        int modifiers = method.getModifiers();
        return Modifier.isPublic(modifiers)
                && !Modifier.isStatic(modifiers)
                && !Modifier.isAbstract(modifiers)
                && !method.isSynthetic();
    }

    /** What the server or the JVM calls, and nobody else. */
    private static Set<List<Object>> notForClients(Class<?> type) {
        Stream<Class<?>> callers = AutoCloseable.class.isAssignableFrom(type)
                ? Stream.of(Object.class, HubBase.class, AutoCloseable.class)
                : Stream.of(Object.class, HubBase.class);
        return callers.flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(method -> (method.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
                .map(method -> signature(method, new TypeArguments(Object.class)))
                .collect(Collectors.toSet());
    }

    /** What a method has in common with those that override it: its name and what its parameters become. */
    private static List<Object> signature(Method method, TypeArguments arguments) {
        List<Object> signature = new ArrayList<>();
        signature.add(method.getName());
        for (Type parameter : method.getGenericParameterTypes()) {
            signature.add(TypeArguments.erased(arguments.resolved(parameter)));
        }
        return signature;
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
                        Set.copyOf(List.of(each.roles())),
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
     * @param cancellable whether clients may cancel a call that returns no stream
     * @param demands what every call must fulfil
     */
    public record Callable(
            String name,
            Method method,
            List<Parameter> parameters,
            Type result,
            boolean streaming,
            boolean nonBlocking,
            boolean cancellable,
            List<Demand> demands) {

        /** Freezes the lists. */
        public Callable {
            parameters = List.copyOf(parameters);
            demands = List.copyOf(demands);
        }

        /** Describes a method by itself and by those that it overrides: names and demands are inherited, promises are not. */
        private static Callable of(String hub, Class<?> type, List<Method> overridden, TypeArguments arguments) {
            Method method = overridden.getFirst();
            String name = overridden.stream()
                    .map(each -> each.getAnnotation(HubMethodName.class))
                    .filter(Objects::nonNull)
                    .map(HubMethodName::value)
                    .findFirst()
                    .orElse(method.getName());
            Type returned = arguments.resolved(method.getGenericReturnType());
            Type unwrapped = CompletionStage.class.isAssignableFrom(TypeArguments.erased(returned))
                    ? firstArgument(returned)
                    : returned;
            boolean streaming = isStream(TypeArguments.erased(unwrapped));
            return new Callable(
                    name,
                    method,
                    Arrays.stream(method.getGenericParameterTypes())
                            .map(arguments::resolved)
                            .map(Parameter::of)
                            .toList(),
                    streaming ? firstArgument(unwrapped) : unwrapped,
                    streaming,
                    method.isAnnotationPresent(NonBlocking.class) || type.isAnnotationPresent(NonBlocking.class),
                    method.isAnnotationPresent(Cancellable.class) || type.isAnnotationPresent(Cancellable.class),
                    overridden.stream()
                            .flatMap(each ->
                                    HubModel.demands(each.getAnnotationsByType(Authorize.class), hub, Optional.of(name))
                                            .stream())
                            .toList());
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
            boolean stream = UPLOADS.contains(TypeArguments.erased(type));
            return new Parameter(stream ? firstArgument(type) : type, stream);
        }
    }

    private static boolean isStream(Class<?> type) {
        return Flow.Publisher.class.isAssignableFrom(type)
                || BaseStream.class.isAssignableFrom(type)
                || HubStream.class.isAssignableFrom(type)
                || type == Iterator.class
                || type == Iterable.class;
    }

    private static Type firstArgument(Type type) {
        return type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : Object.class;
    }
}
