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

    private final Map<String, Optional<Target>> asDeclared = new HashMap<>();
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
            asDeclared.put(callable.name(), method);
        }
    }

    @Override
    public Optional<Target> target(String name) {
        Optional<Target> exact = asDeclared.get(name);
        return exact != null ? exact : ignoringCase.getOrDefault(name, Optional.empty());
    }

    /** The method that a message was bound to. */
    HubMethod method(String declaredName) {
        return (HubMethod)
                asDeclared.getOrDefault(declaredName, Optional.empty()).orElseThrow();
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
