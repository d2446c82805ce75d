package io.hubwire.server.hub;

import java.util.Objects;

/**
 * What one hub instance works with: handed to it by the server, or by a test that calls a hub without one.
 *
 * @param <T> how the clients are called
 */
public record HubCall<T>(HubCallerContext context, HubCallerClients<T> clients, GroupManager groups) {

    /** Checks that everything is there. */
    public HubCall {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(clients, "clients");
        Objects.requireNonNull(groups, "groups");
    }

    /**
     * Gives a fresh hub instance this call to serve.
     *
     * @throws IllegalStateException if the instance serves a call already
     */
    public void give(HubBase<T> hub) {
        hub.serve(this);
    }
}
