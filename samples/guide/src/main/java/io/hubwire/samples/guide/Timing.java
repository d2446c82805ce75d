package io.hubwire.samples.guide;

import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubInvocation;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

// begin filter
record Timing(ObjLongConsumer<String> nanos) implements HubFilter {

    @Override
    public @Nullable Object invoke(HubInvocation invocation, Next next) throws Exception {
        long start = System.nanoTime();
        try {
            return next.invoke(invocation);
        } finally {
            nanos.accept(invocation.method().name(), System.nanoTime() - start);
        }
    }
}
// end
