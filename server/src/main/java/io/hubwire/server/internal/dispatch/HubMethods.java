package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.InvocationBinder;
import io.hubwire.server.hub.HubModel;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What ASP.NET Core clients can call of one hub: each name once, ignoring case. Immutable. */
final class HubMethods implements InvocationBinder {

    /** By the spellings that clients use: as declared, and with the first letter in the other case. */
    private final Map<String, Optional<Target>> asSpelled = new HashMap<>();

    private final Map<String, Optional<Target>> ignoringCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * Prepares the methods of a hub.
     *
     * @throws IllegalArgumentException if a method is overloaded or generic
     */
    HubMethods(HubModel hub) {
        for (HubModel.Callable callable : hub.methods()) {
            if (callable.method().getTypeParameters().length > 0) {
                throw new IllegalArgumentException("Method '"
                        + callable.method().getName() + "' is a generic method which is not supported on a Hub.");
            }
            Optional<Target> method = Optional.of(new HubMethod(callable));
            if (ignoringCase.put(callable.name(), method) != null) {
                throw new IllegalArgumentException(
                        "Duplicate definitions of '" + callable.name() + "'. Overloading is not supported.");
            }
            asSpelled.put(callable.name(), method);
            asSpelled.put(otherFirstLetter(callable.name()), method);
        }
    }

    private static String otherFirstLetter(String name) {
        char first = name.charAt(0);
        char other = Character.isUpperCase(first) ? Character.toLowerCase(first) : Character.toUpperCase(first);
        return other + name.substring(1);
    }

    @Override
    public Optional<Target> target(String name) {
        Optional<Target> known = asSpelled.get(name);
        return known != null ? known : ignoringCase.getOrDefault(name, Optional.empty());
    }

    /** The method that a message was bound to. */
    HubMethod method(String declaredName) {
        return (HubMethod)
                asSpelled.getOrDefault(declaredName, Optional.empty()).orElseThrow();
    }

    @Override
    public Optional<Type> itemType(String invocationId) {
        return Optional.empty();
    }

    @Override
    public Optional<Type> resultType(String invocationId) {
        return Optional.empty();
    }
}
