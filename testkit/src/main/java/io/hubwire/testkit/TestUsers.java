package io.hubwire.testkit;

import io.hubwire.server.hub.Authenticator;
import io.hubwire.server.spi.ConnectionRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Believes clients who they say they are, and counts how often it was asked. Safe for any thread. */
final class TestUsers implements Authenticator {

    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public CompletionStage<Optional<Principal>> authenticate(ConnectionRequest request) {
        asked.incrementAndGet();
        return CompletableFuture.completedFuture(request.header(TestUser.HEADER).map(TestUser::read));
    }

    int asked() {
        return asked.get();
    }
}
