package io.hubwire.server.internal.transport;

import io.hubwire.protocol.negotiate.NegotiateResponse;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.options.Redirect;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Pipe;
import io.hubwire.server.spi.Scheduler;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The HTTP side of one endpoint: negotiates, finds the connection that a request is for, and gives it the request.
 *
 * <p>Requests come in behind path matching, CORS and authorization, on the loops of their exchanges; every one is
 * answered. For each connection whose transport opens, the application is asked once, on the connection's loop, for the
 * {@link Pipe.Receiver} of a {@link Pipe}. Safe for any thread.
 */
public final class Connections {

    private static final int NEWEST_VERSION = 1;

    private final TransportOptions options;
    private final PendingConnections pending;
    private final Scheduler scheduler;
    private final Function<ConnectionRequest, Optional<Redirect>> redirect;
    private final Function<Pipe, Pipe.Receiver> application;
    private final ConnectionTable table = new ConnectionTable();
    private final Turns turns = new Turns();
    private final List<TransportType> offered;

    /**
     * Creates an endpoint without connections.
     *
     * @param pending counts the clients on their way in, of all endpoints of a server
     * @param redirect where a client that negotiates is to go instead, if anywhere; asked on an event loop
     * @param application hears of each connection when its transport has opened
     */
    public Connections(
            TransportOptions options,
            PendingConnections pending,
            Scheduler scheduler,
            Function<ConnectionRequest, Optional<Redirect>> redirect,
            Function<Pipe, Pipe.Receiver> application) {
        this.options = options;
        this.pending = pending;
        this.scheduler = scheduler;
        this.redirect = redirect;
        this.application = application;
        this.offered = Arrays.stream(TransportType.values())
                .filter(options.transports()::contains)
                .toList();
    }

    TransportOptions options() {
        return options;
    }

    PendingConnections pending() {
        return pending;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Function<Pipe, Pipe.Receiver> application() {
        return application;
    }

    ConnectionTable table() {
        return table;
    }

    Turns turns() {
        return turns;
    }

    // ---- negotiate

    /** Answers a request to the negotiate path; on the exchange's loop. */
    public void negotiate(HttpExchange exchange, ConnectionRequest request) {
        if (!request.method().equals("POST")) {
            Answers.methodNotAllowed(exchange);
        } else if (pending.isClosed()) {
            Answers.unavailable(exchange, pending);
        } else {
            Optional<String> asked = request.query("negotiateVersion");
            Optional<Integer> version = asked.isEmpty() ? Optional.of(0) : integer(asked.get());
            if (version.isEmpty()) {
                refuse(exchange, "The client requested a non-integer protocol version.");
            } else if (version.get() < options.minimumNegotiateVersion()) {
                refuse(
                        exchange,
                        "The client requested version '" + version.get()
                                + "', but the server does not support this version.");
            } else {
                negotiate(exchange, request, Math.min(version.get(), NEWEST_VERSION));
            }
        }
    }

    private static void refuse(HttpExchange exchange, String error) {
        TransportLog.invalidNegotiateProtocolVersion(error);
        Answers.negotiated(exchange, new NegotiateResponse.Refused(error));
    }

    private void negotiate(HttpExchange exchange, ConnectionRequest request, int version) {
        Optional<Redirect> elsewhere = redirect.apply(request);
        if (elsewhere.isPresent()) {
            Answers.negotiated(
                    exchange,
                    new NegotiateResponse.Redirect(
                            elsewhere.get().url(), elsewhere.get().accessToken().orElse(null)));
            return;
        }
        if (!pending.enter()) {
            Answers.unavailable(exchange, pending);
            return;
        }
        ConnectionToken token = ConnectionToken.random();
        // A client of version 0 is told one name only, which is then the secret as well.
        ConnectionId id = new ConnectionId(
                version == 0 ? token.value() : ConnectionToken.random().value());
        boolean stateful = options.allowStatefulReconnects() && isTrue(request.query("useStatefulReconnect"));
        Connection connection = new Connection(this, turns.of(exchange.loop()), token, id, stateful);
        connection.awaitTransport();
        table.add(token, connection);
        TransportLog.negotiationRequest(id);
        Answers.negotiated(
                exchange, new NegotiateResponse.Accepted(stateful, version, id.value(), token.value(), offered));
    }

    private static boolean isTrue(Optional<String> asked) {
        return asked.map(String::strip).filter("true"::equalsIgnoreCase).isPresent();
    }

    /** Reads a number as .NET does: blanks around and a sign before it are fine, digits of other scripts are not. */
    private static Optional<Integer> integer(String text) {
        String digits = text.strip();
        if (digits.chars().anyMatch(c -> c > 127)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.parseInt(digits));
        } catch (NumberFormatException notAnInteger) {
            return Optional.empty();
        }
    }

    // ---- transports

    /**
     * Answers a request to the endpoint itself: one that opens a transport, polls, posts or deletes; on the exchange's
     * loop.
     *
     * @param user who sends it
     */
    public void transport(HttpExchange exchange, ConnectionRequest request, Optional<Principal> user) {
        switch (request.method()) {
            case "GET" -> get(new Opening(transportOf(exchange, request), exchange, request, user));
            case "POST" -> find(exchange, request, connection -> connection.post(exchange));
            case "DELETE" -> find(exchange, request, connection -> connection.delete(exchange));
            default -> Answers.methodNotAllowed(exchange);
        }
    }

    private static TransportType transportOf(HttpExchange exchange, ConnectionRequest request) {
        for (String accepted : request.headers("Accept")) {
            for (String type : accepted.split(",", -1)) {
                if (type.strip().equalsIgnoreCase("text/event-stream")) {
                    return TransportType.SERVER_SENT_EVENTS;
                }
            }
        }
        return exchange.isUpgrade() ? TransportType.WEB_SOCKETS : TransportType.LONG_POLLING;
    }

    private void get(Opening opening) {
        HttpExchange exchange = opening.exchange();
        TransportType type = opening.type();
        if (type == TransportType.LONG_POLLING) {
            Answers.neverCached(exchange);
        }
        Optional<String> id = id(opening.request());
        if (id.isEmpty() && type != TransportType.WEB_SOCKETS) {
            Answers.idMissing(exchange);
            return;
        }
        Optional<Connection> connection = id.flatMap(table::find);
        if (id.isPresent() && connection.isEmpty()) {
            TransportLog.unknownConnection(opening.request());
            Answers.unknown(exchange, type == TransportType.WEB_SOCKETS);
        } else if (!options.transports().contains(type)) {
            TransportLog.transportNotSupported(type);
            Answers.notSupported(exchange, type);
        } else {
            Connection found = connection.orElseGet(() -> withoutNegotiation(opening));
            found.later(() -> found.open(opening));
        }
    }

    /** A client that has skipped negotiation. No other request can be for its connection, so none will find it. */
    private Connection withoutNegotiation(Opening opening) {
        ConnectionToken token = ConnectionToken.random();
        return new Connection(this, turns.of(opening.exchange().loop()), token, new ConnectionId(token.value()), false);
    }

    private void find(HttpExchange exchange, ConnectionRequest request, Consumer<Connection> action) {
        Optional<String> id = id(request);
        if (id.isEmpty()) {
            Answers.idMissing(exchange);
            return;
        }
        Optional<Connection> connection = table.find(id.get());
        if (connection.isEmpty()) {
            TransportLog.unknownConnection(request);
            Answers.unknown(exchange, false);
        } else {
            Connection found = connection.get();
            found.later(() -> action.accept(found));
        }
    }

    /** What a user is compared by, between requests for one connection. */
    static String name(Optional<Principal> user) {
        return user.map(Principal::getName).orElse("");
    }

    private static Optional<String> id(ConnectionRequest request) {
        return request.query("id").filter(id -> !id.isEmpty());
    }
}
