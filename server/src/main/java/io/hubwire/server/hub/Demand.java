package io.hubwire.server.hub;

import java.security.Principal;
import java.util.Optional;
import java.util.Set;

/**
 * One {@link Authorize} and where it stands. The arguments of a call are not part of it: the place for what depends on
 * them is a {@link HubFilter}.
 *
 * @param hub the name of the hub
 * @param method the method that is being called; empty for an HTTP request to the hub
 * @param roles roles of which one suffices; empty when none is demanded
 * @param policy the policy that is demanded, if any
 */
public record Demand(String hub, Optional<String> method, Set<String> roles, Optional<String> policy) {

    /** Freezes the set. */
    public Demand {
        roles = Set.copyOf(roles);
    }

    /** Tells whether there is a user and, where roles are demanded, it is a {@link UserPrincipal} with one of them. */
    public boolean isMetByRoles(Optional<Principal> user) {
        if (user.isEmpty()) {
            return false;
        }
        return roles.isEmpty()
                || (user.get() instanceof UserPrincipal known
                        && known.roles().stream().anyMatch(roles::contains));
    }
}
