package io.hubwire.server.hub;

import java.security.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A user with a name and roles, for authenticators that have nothing richer.
 *
 * @param name what the user is called
 * @param roles what the user may act as
 * @param expires when the authentication ends; empty for never
 */
public record UserPrincipal(String name, Set<String> roles, Optional<Instant> expires) implements Principal, Expiring {

    /** Freezes the set. */
    public UserPrincipal {
        roles = Set.copyOf(roles);
    }

    /** A user whose authentication does not end. */
    public UserPrincipal(String name, Set<String> roles) {
        this(name, roles, Optional.empty());
    }

    /** The same user until then. */
    public UserPrincipal until(Instant end) {
        return new UserPrincipal(name, roles, Optional.of(end));
    }

    // The JDK's name for what name() is.
    @Override
    public String getName() {
        return name;
    }
}
