package io.hubwire.server.internal.endpoint;

import io.hubwire.server.internal.words.OneLine;
import io.hubwire.server.spi.ConnectionRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the endpoints have to report: one method for each event. Never a token or a query. */
final class EndpointLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.hubwire.server.endpoint");

    private EndpointLog() {}

    static void unauthorized(ConnectionRequest request) {
        LOG.debug("Unauthorized: {} needs a user", OneLine.of(request));
    }

    static void forbidden(ConnectionRequest request) {
        LOG.debug("Forbidden: {} is not for this user", OneLine.of(request));
    }

    static void originRefused(ConnectionRequest request) {
        LOG.debug(
                "OriginRefused: {} comes from a page of {}, which is not allowed",
                OneLine.of(request),
                OneLine.of(request.header("Origin").orElse("no origin")));
    }

    static void failed(ConnectionRequest request, Throwable failure) {
        LOG.error("Failed: {} is answered with 500", OneLine.of(request), failure);
    }

    static void authenticationFailed(ConnectionRequest request, Throwable failure) {
        LOG.error("AuthenticationFailed: {} is answered with 500", OneLine.of(request), failure);
    }

    static void loopGone(ConnectionRequest request) {
        LOG.debug("LoopGone: {} is not answered, its host has stopped", OneLine.of(request));
    }
}
