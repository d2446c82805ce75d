package io.hubwire.server.hub;

import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides whether a user fulfils one {@link Authorize}. Asked on a virtual thread, so it may block.
 *
 * <p>Its answer is taken for exactly the one request or call. Without one, {@link #ROLES_ONLY} decides. The arguments of a
 * call are not shown to it: the place for what depends on them is a {@link HubFilter}.
 */
@FunctionalInterface
public interface Authorizer {

    /** Demands a user, knows the roles of {@link UserPrincipal}, and refuses every policy. */
    Authorizer ROLES_ONLY =
            (user, demand) -> CompletableFuture.completedFuture(demand.policy().isEmpty() && demand.isMetByRoles(user));

    /**
     * Decides.
     *
     * @param user who asks; empty for an anonymous client
     * @param demand what is demanded, and of what
     */
    CompletionStage<Boolean> authorize(Optional<Principal> user, Demand demand);
}
