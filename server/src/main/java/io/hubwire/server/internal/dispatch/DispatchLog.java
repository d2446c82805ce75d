package io.hubwire.server.internal.dispatch;

import io.hubwire.server.hub.HubException;
import io.hubwire.server.internal.words.OneLine;
import io.hubwire.server.spi.ConnectionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to calls and clients, one method per event. */
final class DispatchLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.hubwire.server.hub");

    private DispatchLog() {}

    static void callFailed(ConnectionId connection, String hub, String method, Throwable why) {
        LOG.warn("[{}] Failed to invoke hub method {}.{}", connection, hub, OneLine.of(method), why);
    }

    static void callRefused(ConnectionId connection, String hub, String method, Object why) {
        LOG.debug("[{}] Refused to invoke hub method {}.{}: {}", connection, hub, OneLine.of(method), OneLine.of(why));
    }

    static void unexpected(ConnectionId connection, Object message) {
        LOG.debug(
                "[{}] Ignored an unexpected {}", connection, message.getClass().getSimpleName());
    }

    static void enteringFailed(ConnectionId connection, String hub, Throwable why) {
        if (why instanceof HubException meantForTheClient) {
            LOG.debug("[{}] {} did not let the client in: {}", connection, hub, OneLine.of(meantForTheClient));
        } else {
            LOG.warn("[{}] {} did not let the client in", connection, hub, why);
        }
    }

    static void leavingFailed(ConnectionId connection, String hub, Throwable why) {
        LOG.warn("[{}] {} failed to see the client off", connection, hub, why);
    }

    static void clientMisbehaved(ConnectionId connection, String hub, Throwable why) {
        LOG.debug("[{}] The connection to {} ended by a fault: {}", connection, hub, OneLine.of(why));
    }

    static void connectionFailed(ConnectionId connection, String hub, Throwable why) {
        LOG.warn("[{}] The connection to {} ended by a fault", connection, hub, why);
    }

    static void releaseFailed(ConnectionId connection, String hub, Throwable why) {
        LOG.warn("[{}] The activator failed to release an instance of {}", connection, hub, why);
    }

    static void dropped(ConnectionId connection, String hub, long bytes) {
        LOG.warn("[{}] A client of {} does not read: disconnected with {} bytes unsent", connection, hub, bytes);
    }

    static void lateStreamFailed(Throwable why) {
        LOG.warn("A stream that nobody wanted any more failed to close", why);
    }

    static void observerFailed(Throwable why) {
        LOG.error("The server observer threw", why);
    }
}
