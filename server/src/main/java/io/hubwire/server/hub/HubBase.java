package io.hubwire.server.hub;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@link Hub} and {@link TypedHub} share. Not for extension by applications. */
public abstract sealed class HubBase<T> permits Hub, TypedHub {

    private @Nullable HubCall<T> call;

    HubBase() {}

    /** Gives the instance the call that it serves; called once by whoever created it, before anything else. */
    final void serve(HubCall<T> served) {
        if (call != null) {
            throw new IllegalStateException("The hub activator returned an instance that serves another call already");
        }
        call = served;
    }

    private HubCall<T> call() {
        return Objects.requireNonNull(call, "context, clients and groups are not there in a hub's constructor");
    }

    /**
     * Who is calling.
     *
     * @throws NullPointerException in a constructor
     */
    protected final HubCallerContext context() {
        return call().context();
    }

    /**
     * Whom to talk to.
     *
     * @throws NullPointerException in a constructor
     */
    protected final HubCallerClients<T> clients() {
        return call().clients();
    }

    /**
     * Who is in which group.
     *
     * @throws NullPointerException in a constructor
     */
    protected final GroupManager groups() {
        return call().groups();
    }

    /**
     * A client has connected; nothing that it sends is read before this returns.
     *
     * @throws Exception to refuse the client: it is told that the connection closed with an error
     */
    public void onConnected() throws Exception {}

    /**
     * A classic client has come back after a loss that the hub was not told of; ASP.NET Core clients come as new
     * connections instead.
     *
     * @throws Exception which is logged
     */
    public void onReconnected() throws Exception {}

    /**
     * A client has left, or was made to; called once for each connection that {@link #onConnected} returned for.
     *
     * @throws Exception which is logged
     */
    public void onDisconnected(Departure departure) throws Exception {}
}
