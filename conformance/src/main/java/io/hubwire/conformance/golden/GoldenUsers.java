package io.hubwire.conformance.golden;

import io.hubwire.conformance.answer.AnyToken;
import io.hubwire.server.hub.Authenticator;
import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.Demand;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.spi.ConnectionRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Believes every token that does not begin with {@code bad}: {@code name} or {@code name:role}. */
final class GoldenUsers implements Authenticator, Authorizer {

    @Override
    public CompletionStage<Optional<Principal>> authenticate(ConnectionRequest request) {
        return CompletableFuture.completedFuture(
                AnyToken.of(request).filter(token -> !token.startsWith("bad")).map(GoldenUsers::user));
    }

    private static Principal user(String token) {
        int colon = token.indexOf(':');
        return colon < 0
                ? new UserPrincipal(token, Set.of())
                : new UserPrincipal(token.substring(0, colon), Set.of(token.substring(colon + 1)));
    }

    /** The policy {@code admin} is the role of that name; there is no other. */
    @Override
    public CompletionStage<Boolean> authorize(Optional<Principal> user, Demand demand) {
        boolean policy = demand.policy()
                .map(name -> name.equals("admin")
                        && user.filter(each -> each instanceof UserPrincipal known
                                        && known.roles().contains("admin"))
                                .isPresent())
                .orElse(true);
        return CompletableFuture.completedFuture(policy && demand.isMetByRoles(user));
    }
}
