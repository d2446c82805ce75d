package io.hubwire.server.hub;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

    /**
     * Calls a method of one client and waits for what it returns. For one client only: what {@link HubClients#client} and
     * {@link HubCallerClients#caller} give. Needs clients of version 7 or later; older ones close their connection.
     *
     * <p>A hub method that asks lets the calls behind it begin, since the answer may stand behind them. It may block until
     * the answer is there ({@code .get()}), unless it is {@link NonBlocking}. A hub that asks its own client while it
     * leaves a stream from that client unread waits in vain, since nothing is read from the client then: give a limit.
     *
     * @param type what the answer becomes; {@link Void} for none
     * @param method the name that the client registered a handler for
     * @param arguments values for the payload mapper, nulls included
     * @return the answer, on a virtual thread. Completing it otherwise ({@code cancel}, {@code orTimeout}) forgets the
     *     question; the client is not told. Fails with a {@link HubException} if the client answers with an error or with
     *     something that is no {@code type}, with an {@link java.io.IOException} if it is not there or leaves, with an
     *     {@link IllegalStateException} in {@link HubBase#onConnected} and if this is more than one client
     */
    default <R> CompletableFuture<R> invoke(Class<R> type, String method, @Nullable Object... arguments) {
        return onlyOne();
    }

    /**
     * {@link #invoke(Class, String, Object...)} for a limited time.
     *
     * @param limit after which nobody waits any more: the stage fails with a {@link HubException}
     */
    default <R> CompletableFuture<R> invoke(
            Class<R> type, Duration limit, String method, @Nullable Object... arguments) {
        return onlyOne();
    }

    /** {@link #invoke(Class, String, Object...)} for types that no class stands for, such as a list of something. */
    default CompletableFuture<@Nullable Object> invoke(Type type, String method, @Nullable Object... arguments) {
        return onlyOne();
    }

    private static <R extends @Nullable Object> CompletableFuture<R> onlyOne() {
        return CompletableFuture.failedFuture(new IllegalStateException("InvokeAsync only works with Single clients."));
    }
}
