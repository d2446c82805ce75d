package io.hubwire.server.hub;

import java.security.Principal;
import java.util.Set;

/** A user with a name and roles, for authenticators that have nothing richer. */
public record UserPrincipal(String name, Set<String> roles) implements Principal {

    /** Freezes the set. */
    public UserPrincipal {
        roles = Set.copyOf(roles);
    }

    // The JDK's name for what name() is.
    @Override
    public String getName() {
        return name;
    }
}
