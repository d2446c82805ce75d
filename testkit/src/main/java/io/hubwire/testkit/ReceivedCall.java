package io.hubwire.testkit;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that a client received from its hub. Its arguments become Java values when they are asked for. Immutable. */
public final class ReceivedCall {

    private static final int MANY = 64;

    private final HubProtocol protocol;
    private final ByteBuffer frame;
    private final String method;
    private final Optional<String> invocationId;

    ReceivedCall(HubProtocol protocol, ByteBuffer frame, String method, Optional<String> invocationId) {
        this.protocol = protocol;
        this.frame = frame;
        this.method = method;
        this.invocationId = invocationId;
    }

    /** The method, as the hub spells it. */
    public String method() {
        return method;
    }

    /** Tells whether the hub waits for a result. */
    public boolean wantsResult() {
        return invocationId.isPresent();
    }

    Optional<String> invocationId() {
        return invocationId;
    }

    /**
     * One argument.
     *
     * @param index from 0
     * @throws AssertionError if there is no such argument, it is null or no {@code type}
     */
    public <T> T argument(int index, Class<T> type) {
        Class<?>[] types = new Class<?>[arguments().size()];
        if (index < 0 || index >= types.length) {
            throw new AssertionError(this + " has " + types.length + " arguments, and none with index " + index);
        }
        Arrays.fill(types, Object.class);
        types[index] = type;
        Object value = arguments(types).get(index);
        if (value == null) {
            throw new AssertionError("argument " + index + " of " + this + " is null");
        }
        return boxed(type).cast(value);
    }

    /**
     * All arguments, nulls included.
     *
     * @param types one for each
     * @throws AssertionError if there are more or fewer arguments, or one is not of its type
     */
    public List<@Nullable Object> arguments(Class<?>... types) {
        return switch (read(types)) {
            case HubMessage.Invocation bound -> bound.arguments();
            case HubMessage.BindingFailure failure ->
                throw new AssertionError(
                        this + " does not fit " + names(types) + ": "
                                + Optional.ofNullable(failure.cause().getCause())
                                        .orElse(failure.cause())
                                        .getMessage(),
                        failure.cause());
            case HubMessage other -> throw new AssertionError("a call that is read as " + other);
        };
    }

    private static String names(Class<?>... types) {
        return Arrays.stream(types).map(Class::getSimpleName).toList().toString();
    }

    /** All arguments as what the payload mapper makes of them by itself: strings, numbers, maps, lists, null. */
    public List<@Nullable Object> arguments() {
        for (int count = 0; count < MANY; count++) {
            if (read(Collections.nCopies(count, Object.class).toArray(Class<?>[]::new))
                    instanceof HubMessage.Invocation bound) {
                return bound.arguments();
            }
        }
        throw new AssertionError(method + " has more than " + MANY + " arguments, or some that cannot be read");
    }

    private HubMessage read(Class<?>... types) {
        return protocol.read(
                frame.duplicate(),
                new As(method, Arrays.stream(types).map(ReceivedCall::boxed).toList()));
    }

    // What MethodType wraps is the class of the same values.
    @SuppressWarnings("unchecked")
    static <T> Class<T> boxed(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }

    /** The method and its arguments. */
    @Override
    public String toString() {
        return method + arguments();
    }

    /** Binds a call to the types that are asked for. */
    private record As(String name, List<? extends Type> types) implements InvocationBinder, InvocationBinder.Target {

        @Override
        public Optional<Target> target(String called) {
            return Optional.of(this);
        }

        @Override
        public Optional<Type> itemType(String invocationId) {
            return Optional.empty();
        }

        @Override
        public Optional<Type> resultType(String invocationId) {
            return Optional.empty();
        }

        @Override
        public List<Type> parameterTypes() {
            return List.copyOf(types);
        }
    }
}
