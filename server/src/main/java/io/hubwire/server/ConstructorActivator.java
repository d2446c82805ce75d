package io.hubwire.server;

import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;

/** Makes hubs by their constructor without parameters, and closes those that can be closed. */
final class ConstructorActivator implements HubActivator {

    private static final ClassValue<MethodHandle> CONSTRUCTORS = new ClassValue<>() {
        @Override
        protected MethodHandle computeValue(Class<?> type) {
            try {
                Constructor<?> constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                return MethodHandles.lookup()
                        .unreflectConstructor(constructor)
                        .asType(MethodType.methodType(Object.class));
            } catch (NoSuchMethodException | IllegalAccessException none) {
                throw new IllegalArgumentException(
                        type.getName() + " has no constructor without parameters: give the server a HubActivator",
                        none);
            }
        }
    };

    @Override
    public <H extends HubBase<?>> H create(Class<H> type) throws Exception {
        try {
            return type.cast((Object) CONSTRUCTORS.get(type).invokeExact());
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable unheardOf) {
            throw new IllegalStateException(unheardOf);
        }
    }

    @Override
    public void release(HubBase<?> hub) throws Exception {
        if (hub instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
