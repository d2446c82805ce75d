package io.hubwire.server;

import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.options.Redirect;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** How one path is served. Not safe for several threads; what it says is taken when the server is built. */
public final class Mount {

    private TransportOptions transports = TransportOptions.builder().build();
    private CrossOrigin crossOrigin = CrossOrigin.sameOrigin();
    private Function<ConnectionRequest, Optional<Redirect>> redirect = request -> Optional.empty();

    Mount() {}

    /** Sets how connections are carried. */
    public Mount transports(TransportOptions value) {
        transports = Objects.requireNonNull(value, "transports");
        return this;
    }

    /** Sets which pages may connect. Default: those of the same origin. */
    public Mount crossOrigin(CrossOrigin value) {
        crossOrigin = Objects.requireNonNull(value, "crossOrigin");
        return this;
    }

    /**
     * Sends clients elsewhere when they negotiate: to another server, or to a service with a token for it. Called on an
     * engine thread; must return at once.
     *
     * @param value where a client is to go; empty to serve it here
     */
    public Mount redirect(Function<ConnectionRequest, Optional<Redirect>> value) {
        redirect = Objects.requireNonNull(value, "redirect");
        return this;
    }

    TransportOptions transports() {
        return transports;
    }

    CrossOrigin crossOrigin() {
        return crossOrigin;
    }

    Function<ConnectionRequest, Optional<Redirect>> redirect() {
        return redirect;
    }
}
