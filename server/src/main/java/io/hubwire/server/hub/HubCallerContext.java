package io.hubwire.server.hub;

import io.hubwire.server.spi.ConnectionRequest;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who is calling: one per connection, the same for all its calls. Safe for any thread. */
public interface HubCallerContext {

    /** The public id of the connection. */
    String connectionId();

    /** Who the first transport request of the connection was from; empty for an anonymous client. */
    Optional<Principal> user();

    /** What {@code clients().user(…)} knows the user by; empty for an anonymous client. */
    Optional<String> userIdentifier();

    /** Anything that the application wants to keep with the connection; a concurrent map, created on first use. */
    Map<Object, Object> items();

    /** The request that opened the transport, its latest socket after a stateful reconnect: query, headers, cookies, remote address. */
    ConnectionRequest request();

    /** The name of the transport: {@code WebSockets}, {@code ServerSentEvents} or {@code LongPolling}. */
    String transport();

    /** Ends the connection; the client is told not to reconnect. A call that aborts gets no answer. */
    void abort();

    /** Done when the connection has ended, for whatever reason; before {@code onDisconnected} is called. */
    CompletionStage<Void> aborted();
}
