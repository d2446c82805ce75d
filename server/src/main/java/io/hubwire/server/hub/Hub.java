package io.hubwire.server.hub;

/**
 * What clients call: every public method of a subclass, by its name, ignoring case.
 *
 * <p>A new instance serves each call, so fields hold nothing between calls; state belongs into {@link
 * HubCallerContext#items} or into collaborators that the {@link HubActivator} injects. Methods run on virtual threads
 * and may block; calls of one client run one after the other unless the hub's options allow more. Results may be values,
 * nothing, or {@link java.util.concurrent.CompletionStage}s of either.
 *
 * <p>Mirrors {@code Microsoft.AspNetCore.SignalR.Hub}; {@link TypedHub} stands for {@code Hub<T>}.
 */
public abstract non-sealed class Hub extends HubBase<ClientProxy> {

    /** For subclasses. */
    protected Hub() {}
}
