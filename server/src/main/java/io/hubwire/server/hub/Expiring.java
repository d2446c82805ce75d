package io.hubwire.server.hub;

import java.time.Instant;
import java.util.Optional;

/**
 * Implemented by principals that are valid for a time, as those of tokens are: endpoints with {@code
 * closeOnAuthenticationExpiration} close the connections of users whose time is over.
 */
public interface Expiring {

    /** When the authentication ends; empty for never. */
    Optional<Instant> expires();
}
