package io.hubwire.conformance.golden;

import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.HubName;
import java.security.Principal;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A hub for users only. */
@Authorize
@HubName("golden-auth")
public final class AuthHub extends Hub {

    /** A fresh instance for each call. */
    public AuthHub() {}

    /** The user's name. */
    @HubMethodName("Name")
    public @Nullable String name() {
        return context().user().map(Principal::getName).orElse(null);
    }

    /** The user's identifier. */
    @HubMethodName("UserId")
    public @Nullable String userId() {
        return context().userIdentifier().orElse(null);
    }

    /** Wants a role. */
    @Authorize(roles = "admin")
    @HubMethodName("AdminOnly")
    public String adminOnly() {
        return "ok";
    }

    /** Wants a policy. */
    @Authorize(policy = "admin")
    @HubMethodName("PolicyOnly")
    public String policyOnly() {
        return "ok";
    }

    /** Sends to all connections of a user. */
    @HubMethodName("SendUser")
    public CompletionStage<Void> sendUser(String user, String text) {
        return clients().user(user).send("Message", text);
    }
}
