package io.hubwire.server.hub;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a hub method on its way through the filters.
 *
 * @param context who is calling
 * @param hub the instance that serves the call
 * @param method what is called
 * @param arguments one for each parameter, streams among them; may hold nulls
 * @param headers what the client sent along, such as trace context; usually nothing
 */
public record HubInvocation(
        HubCallerContext context,
        HubBase<?> hub,
        HubModel.Callable method,
        List<@Nullable Object> arguments,
        Map<String, String> headers) {

    /** Freezes the arguments. */
    public HubInvocation {
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    }

    /** The same call with other arguments, which must fit the method's parameters. */
    public HubInvocation withArguments(List<@Nullable Object> others) {
        return new HubInvocation(context, hub, method, others, headers);
    }

    /** Leaves values out: they are the application's, and may be secret. */
    @Override
    public String toString() {
        return "HubInvocation[" + method.name() + " of " + context.connectionId() + "]";
    }
}
