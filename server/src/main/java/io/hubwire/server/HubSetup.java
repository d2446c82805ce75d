package io.hubwire.server;

import io.hubwire.protocol.PayloadMapper;
import io.hubwire.server.options.HubOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one hub treats its clients, wherever it is mounted. Not safe for several threads; what it says is taken when the
 * server is built.
 */
public final class HubSetup {

    private @Nullable HubOptions options;
    private final Payloads payloads = new Payloads();

    HubSetup() {}

    /** Sets the options of this hub in place of the server's. */
    public HubSetup options(HubOptions value) {
        options = Objects.requireNonNull(value, "options");
        return this;
    }

    /** Sets how values of this hub become bytes of the mapper's dialect and back, in place of the server's way. */
    public HubSetup payload(PayloadMapper value) {
        payloads.add(value);
        return this;
    }

    HubOptions optionsOr(HubOptions other) {
        return options == null ? other : options;
    }

    Payloads payloadsOr(Payloads others) {
        return payloads.or(others);
    }
}
