package io.hubwire.server.hub;

import java.security.Principal;

/** Tells what {@code clients().user(…)} knows a user by. Must return at once. */
@FunctionalInterface
public interface UserIdProvider {

    /** The name of the principal. */
    UserIdProvider PRINCIPAL_NAME = Principal::getName;

    /** The identifier of a user, compared case-sensitively. */
    String userId(Principal user);
}
