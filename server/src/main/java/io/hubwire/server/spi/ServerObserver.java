package io.hubwire.server.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * Watches a server: for metrics, traces and audits. Methods are called on whichever thread the event happens on, engine
 * threads among them, and must return at once; what they throw is logged and ignored.
 */
public interface ServerObserver {

    /** In place of the name of a method that the hub does not have: what clients make up is not passed on. */
    String UNKNOWN_METHOD = "unknown";

    /** Sees nothing. */
    ServerObserver NONE = new ServerObserver() {};

    /** A client finished its handshake and was let in. */
    default void connected(String hub, ConnectionId connection, String transport) {}

    /**
     * A connection that was announced by {@link #connected} has ended.
     *
     * @param lifetime from the transport's first request to the end
     */
    default void disconnected(String hub, ConnectionId connection, String transport, End end, Duration lifetime) {}

    /**
     * A call of a hub method has ended.
     *
     * @param method the method as the hub declares it; {@link #UNKNOWN_METHOD} when there is none
     * @param error what the method threw, or why the call did not get there
     * @param time from the moment the call was read
     */
    default void called(String hub, ConnectionId connection, String method, Optional<Throwable> error, Duration time) {}

    /**
     * A client was disconnected because it did not read what was sent to it.
     *
     * @param hub the name of the hub, of a connection without one its path
     * @param waiting the bytes that were lost
     */
    default void dropped(String hub, ConnectionId connection, long waiting) {}

    /**
     * A stream to a client has ended; {@link #called} tells of the call itself.
     *
     * @param items how many elements were sent
     */
    default void streamed(String hub, ConnectionId connection, String method, long items) {}

    /**
     * A message was sent to clients.
     *
     * @param target the client method
     * @param recipients how many connections of this node it was for
     */
    default void sent(String hub, String target, int recipients) {}

    /**
     * A client was refused something because it went beyond a limit.
     *
     * @param limit which one: {@code rateLimit}, {@code streams}, {@code uploads}
     */
    default void limited(String hub, ConnectionId connection, String limit) {}

    /**
     * Messages to a client that is slow were given up for newer ones, as its hub's slow-consumer policy allows.
     *
     * @param method the client's method that was called
     * @param count how many calls of it
     */
    default void discarded(String hub, ConnectionId connection, String method, int count) {}

    /** Something went wrong that no call is to blame for: a protocol violation, a failed lifetime event. */
    default void failed(String hub, ConnectionId connection, Throwable error) {}

    /**
     * How a connection has ended.
     *
     * @param error what was not in order, if anything
     */
    record End(Reason reason, Optional<Throwable> error) {}

    /** On whose account a connection has ended. */
    enum Reason {
        /** The client left or was lost, the hub closed it, or something failed. */
        NORMAL,
        /** The client was silent for longer than it may be. */
        TIMEOUT,
        /** The server goes away. */
        SHUTDOWN
    }
}
