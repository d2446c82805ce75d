package io.hubwire.conformance.core;

import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubMethodName;
import org.jspecify.annotations.Nullable;

/** A hub for those who have a token. */
@Authorize
public final class AuthorizedHub extends Hub {

    /** A fresh instance for each call. */
    public AuthorizedHub() {}

    /** Returns its argument. */
    @HubMethodName("Echo")
    public @Nullable String echo(@Nullable String message) {
        return message;
    }
}
