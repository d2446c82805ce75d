package io.hubwire.server.hub;

import io.hubwire.server.spi.ConnectionRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Tells who a request is from. Asked for every HTTP request of a hub, on a virtual thread, so it may block.
 *
 * <p>Without one, the container's principal counts.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Looks at the credentials, usually {@link ConnectionRequest#bearerToken}.
     *
     * @return empty for an anonymous or refused client; hubs with {@link Authorize} answer those with 401. A stage that
     *     fails is answered with 500 and logged.
     */
    CompletionStage<Optional<Principal>> authenticate(ConnectionRequest request);
}
