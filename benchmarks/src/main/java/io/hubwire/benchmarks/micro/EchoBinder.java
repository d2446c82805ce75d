package io.hubwire.benchmarks.micro;

import io.hubwire.protocol.InvocationBinder;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

/** A hub with the one method that the micro benchmarks call. */
record EchoBinder(Type parameter) implements InvocationBinder, InvocationBinder.Target {

    @Override
    public Optional<Target> target(String name) {
        return name.equals(name()) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public String name() {
        return "Echo";
    }

    @Override
    public List<Type> parameterTypes() {
        return List.of(parameter);
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
