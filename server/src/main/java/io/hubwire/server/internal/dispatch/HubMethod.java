package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.InvocationBinder;
import io.hubwire.server.hub.Demand;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubModel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One hub method, ready to be called. Immutable. */
final class HubMethod implements InvocationBinder.Target {

    private static final MethodType UNIFORM = MethodType.methodType(Object.class, Object.class, Object[].class);

    private final HubModel.Callable callable;
    private final List<Type> valueTypes;
    private final int streamCount;
    private final List<Type> streamTypes;
    private final boolean returnsAtOnce;
    private final Filters filters;
    private final MethodHandle handle;

    HubMethod(HubModel.Callable callable, Filters filters) {
        this.callable = callable;
        this.filters = filters;
        this.valueTypes = callable.valueTypes();
        this.streamCount = callable.streamCount();
        this.streamTypes = callable.parameters().stream()
                .filter(HubModel.Parameter::stream)
                .map(HubModel.Parameter::type)
                .toList();
        this.returnsAtOnce =
                callable.nonBlocking() && callable.demands().isEmpty() && !callable.streaming() && streamCount == 0;
        this.handle = handle(callable);
    }

    private static MethodHandle handle(HubModel.Callable callable) {
        callable.method().setAccessible(true);
        try {
            return MethodHandles.lookup()
                    .unreflect(callable.method())
                    .asFixedArity()
                    .asSpreader(Object[].class, callable.parameters().size())
                    .asType(UNIFORM);
        } catch (IllegalAccessException notPublic) {
            throw new IllegalArgumentException("Hub method " + callable.method() + " is not accessible", notPublic);
        }
    }

    @Override
    public String name() {
        return callable.name();
    }

    @Override
    public List<Type> parameterTypes() {
        return valueTypes;
    }

    HubModel.Callable callable() {
        return callable;
    }

    /** What stands around the method. */
    Filters filters() {
        return filters;
    }

    /** What the elements of the client's streams are, in the order of the parameters. */
    List<Type> streamTypes() {
        return streamTypes;
    }

    /** The arguments for all parameters, from those that came as values and those that come as streams. */
    List<@Nullable Object> withStreams(List<@Nullable Object> values, List<Upload> streams) {
        Class<?>[] types = callable.method().getParameterTypes();
        List<@Nullable Object> all = new ArrayList<>(types.length);
        int next = 0;
        for (int i = 0; i < types.length; i++) {
            all.add(callable.parameters().get(i).stream() ? streams.get(next++).as(types[i]) : values.get(i - next));
        }
        return all;
    }

    boolean isStreaming() {
        return callable.streaming();
    }

    int streamCount() {
        return streamCount;
    }

    /** Whether a call may run on the thread that read it. */
    boolean returnsAtOnce() {
        return returnsAtOnce;
    }

    /** Whether a client may cancel a call that runs or waits. */
    boolean isCancellable() {
        return callable.cancellable() || callable.streaming();
    }

    List<Demand> demands() {
        return callable.demands();
    }

    /** Calls the method on a hub; throws what the method throws. */
    @Nullable Object invoke(HubBase<?> hub, List<@Nullable Object> arguments) throws Throwable {
        return (Object) handle.invokeExact((Object) hub, arguments.toArray());
    }
}
