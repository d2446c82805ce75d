package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.InvocationBinder.Target;
import io.hubwire.server.hub.HubModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.BaseStream;

/** What ASP.NET Core clients can call of one hub: each name once, ignoring case. Immutable. */
final class HubMethods {

    /** By the spellings that clients use: as declared, and with the first letter in the other case. */
    private final Map<String, Optional<Target>> asSpelled = new HashMap<>();

    private final Map<String, Optional<Target>> ignoringCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * Prepares the methods of a hub.
     *
     * @param filters what stands around a method
     * @throws IllegalArgumentException if a method is overloaded or generic, or takes a stream by a type that is none of
     *     those that the server can provide
     */
    HubMethods(HubModel hub, Function<HubModel.Callable, Filters> filters) {
        for (HubModel.Callable callable : hub.methods()) {
            if (callable.method().getTypeParameters().length > 0) {
                throw new IllegalArgumentException("Method '"
                        + callable.method().getName() + "' is a generic method which is not supported on a Hub.");
            }
            refuseUnknownStreams(callable);
            Optional<Target> method = Optional.of(new HubMethod(callable, filters.apply(callable)));
            if (ignoringCase.put(callable.name(), method) != null) {
                throw new IllegalArgumentException(
                        "Duplicate definitions of '" + callable.name() + "'. Overloading is not supported.");
            }
            asSpelled.put(callable.name(), method);
            asSpelled.put(otherFirstLetter(callable.name()), method);
        }
    }

    private static void refuseUnknownStreams(HubModel.Callable callable) {
        for (int i = 0; i < callable.parameters().size(); i++) {
            Class<?> type = callable.method().getParameterTypes()[i];
            boolean isStream = BaseStream.class.isAssignableFrom(type) || Flow.Publisher.class.isAssignableFrom(type);
            if (isStream && !callable.parameters().get(i).stream()) {
                throw new IllegalArgumentException("Hub method " + callable.method() + " takes a " + type.getName()
                        + " (expected: HubStream, Stream, Iterator or Flow.Publisher for a stream from the client)");
            }
        }
    }

    private static String otherFirstLetter(String name) {
        char first = name.charAt(0);
        char other = Character.isUpperCase(first) ? Character.toLowerCase(first) : Character.toUpperCase(first);
        return other + name.substring(1);
    }

    /** Finds a method, whatever the case of its name. */
    Optional<Target> target(String name) {
        Optional<Target> known = asSpelled.get(name);
        return known != null ? known : ignoringCase.getOrDefault(name, Optional.empty());
    }

    /** The method that a message was bound to. */
    HubMethod method(String declaredName) {
        return (HubMethod)
                asSpelled.getOrDefault(declaredName, Optional.empty()).orElseThrow();
    }
}
