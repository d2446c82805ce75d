package io.hubwire.server.internal.transport;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.internal.words.OneLine;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ConnectionRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the transports have to report: one method for each event, named as in ASP.NET Core. Never a token or a query. */
final class TransportLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.hubwire.server.transport");

    private TransportLog() {}

    static void negotiationRequest(ConnectionId connection) {
        LOG.debug("NegotiationRequest: connection {} is negotiated", connection);
    }

    static void invalidNegotiateProtocolVersion(String error) {
        LOG.debug("InvalidNegotiateProtocolVersion: {}", OneLine.of(error));
    }

    static void tooManyPending(int maximum) {
        LOG.warn(
                "TooManyPendingConnections: {} clients have negotiated and not connected, more are turned away with 503",
                maximum);
    }

    static void unknownConnection(ConnectionRequest request) {
        LOG.debug("UnknownConnection: {} is for no connection that is here", OneLine.of(request));
    }

    static void pollSuperseded(ConnectionId connection) {
        LOG.debug("PollSuperseded: a second poll of connection {} ends the first", connection);
    }

    static void establishedConnection(ConnectionId connection, TransportType transport) {
        LOG.debug("EstablishedConnection: connection {} over {}", connection, transport.wireName());
    }

    static void connectionAlreadyActive(ConnectionId connection) {
        LOG.debug("ConnectionAlreadyActive: connection {} has a request of this transport already", connection);
    }

    static void cannotChangeTransport(ConnectionId connection, TransportType bound, TransportType asked) {
        LOG.debug(
                "CannotChangeTransport: connection {} is bound to {}, asked for {}",
                connection,
                bound.wireName(),
                asked.wireName());
    }

    static void transportNotSupported(TransportType asked) {
        LOG.debug("TransportNotSupported: {} is not enabled on this endpoint", asked.wireName());
    }

    static void postNotAllowedForWebSockets(ConnectionId connection) {
        LOG.debug("PostNotAllowedForWebSockets: connection {}", connection);
    }

    static void postTooLarge(ConnectionId connection, int limit) {
        LOG.debug("PostTooLarge: a post for connection {} has more than {} bytes", connection, limit);
    }

    static void postBodyFailed(ConnectionId connection) {
        LOG.debug("PostBodyFailed: the client of connection {} went away in the middle of a post", connection);
    }

    static void receivedDeleteRequestForUnsupportedTransport(ConnectionId connection) {
        LOG.debug("ReceivedDeleteRequestForUnsupportedTransport: connection {}", connection);
    }

    static void terminatingConnection(ConnectionId connection) {
        LOG.debug("TerminatingConnection: connection {} because of a DELETE request", connection);
    }

    static void userNameChanged(ConnectionId connection) {
        LOG.warn(
                "UserNameChanged: a request for connection {} comes from another user than the one before", connection);
    }

    static void connectionLost(ConnectionId connection) {
        LOG.debug("ConnectionLost: connection {} has no socket, its client may come back", connection);
    }

    static void reattached(ConnectionId connection) {
        LOG.debug("Reattached: connection {} goes on over another socket", connection);
    }

    static void authenticationExpired(ConnectionId connection) {
        LOG.debug("AuthenticationExpired: connection {} is closed", connection);
    }

    static void connectionTimedOut(ConnectionId connection) {
        LOG.debug("ConnectionTimedOut: no request came for connection {} in time", connection);
    }

    static void sendTimedOut(ConnectionId connection) {
        LOG.debug("TransportSendTimeout: the client of connection {} does not read", connection);
    }

    static void closeTimedOut(ConnectionId connection) {
        LOG.debug("CloseTimeout: the client of connection {} has not answered the close frame", connection);
    }

    static void silentPeer(ConnectionId connection) {
        LOG.debug("PingTimeout: the client of connection {} has not answered a WebSocket ping", connection);
    }

    static void ended(ConnectionId connection) {
        LOG.debug("ConnectionEnded: connection {}", connection);
    }

    static void failed(ConnectionId connection, Throwable failure) {
        LOG.error("ErrorProcessingRequest: connection {} is cut", connection, failure);
    }

    static void turnFailed(Throwable failure) {
        LOG.error("TurnFailed: a connection has left its turn unfinished", failure);
    }

    static void loopGone(Throwable refusal) {
        LOG.debug("EventLoopGone: what happens on a stopped engine is lost", refusal);
    }
}
