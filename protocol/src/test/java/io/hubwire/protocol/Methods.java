package io.hubwire.protocol;

import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A binder with the methods, streams and calls that a test adds. */
public final class Methods implements InvocationBinder {

    private final Map<String, Target> targets = new HashMap<>();
    private final Map<String, Type> items = new HashMap<>();
    private final Map<String, Type> results = new HashMap<>();

    /** Creates a binder without any. */
    public Methods() {}

    /** Adds a method. */
    public Methods method(String name, Type... parameterTypes) {
        targets.put(name.toLowerCase(Locale.ROOT), new Method(name, List.of(parameterTypes)));
        return this;
    }

    /** Adds a stream that the peer sends. */
    public Methods stream(String id, Type itemType) {
        items.put(id, itemType);
        return this;
    }

    /** Adds a call that was made to the peer. */
    public Methods call(String id, Type resultType) {
        results.put(id, resultType);
        return this;
    }

    @Override
    public Optional<Target> target(String name) {
        return Optional.ofNullable(targets.get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Optional<Type> itemType(String invocationId) {
        return Optional.ofNullable(items.get(invocationId));
    }

    @Override
    public Optional<Type> resultType(String invocationId) {
        return Optional.ofNullable(results.get(invocationId));
    }

    private record Method(String name, List<Type> parameterTypes) implements Target {}
}
