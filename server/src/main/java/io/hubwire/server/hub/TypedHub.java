package io.hubwire.server.hub;

/**
 * A hub that calls its clients through an interface of theirs.
 *
 * <p>The interface has methods that return {@code void} or {@code CompletionStage<Void>}, and those that ask one client for
 * a result return a {@code CompletionStage} of its type; the client method has the name of the interface method, or that
 * of its {@link HubMethodName}. A {@code void} method does not wait for anything; it throws when an argument cannot be
 * encoded. Checked when the hub is mounted. Mirrors {@code Hub<T>} of ASP.NET Core SignalR.
 *
 * @param <T> the client interface
 */
public abstract non-sealed class TypedHub<T> extends HubBase<T> {

    /** For subclasses. */
    protected TypedHub() {}
}
