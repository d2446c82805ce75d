package io.hubwire.server.hub;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Some clients, possibly none, whose methods can be called. Safe for any thread. */
@FunctionalInterface
public interface ClientProxy {

    /**
     * Calls a method of these clients, without waiting for them. The arguments are encoded before this returns.
     *
     * @param method the name that the clients registered a handler for
     * @param arguments values for the payload mapper, nulls included
     * @return done when the message waits in the outbox of each client on this node and, for a single client, that
     *     outbox is not over its soft limit; a producer that waits for it cannot outrun a slow reader. Fails only when
     *     an argument cannot be encoded or the backplane refused. A client that is gone is no failure.
     */
    CompletionStage<Void> send(String method, @Nullable Object... arguments);
}
