package io.hubwire.server.spi;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request and its answer, whatever engine carries it.
 *
 * <p>Exactly one of {@link #respond}, {@link #stream} and {@link #upgrade} is called, once. These and
 * {@link #responseHeader} may be called from any thread, one after the other; whatever the host calls back comes on
 * {@link #loop}. A host that has to answer on a thread of its own hops there itself.
 */
public interface HttpExchange {

    /** The request method, in upper case as it was sent. */
    String method();

    /** The path, percent-decoded, beginning with a slash, as sent otherwise (no case folding, no dot removal). */
    String path();

    /** The query as it was sent, without the question mark; empty when there is none. */
    String rawQuery();

    /** The values of one request header, in order; the name ignores case. Empty when there is none. */
    List<String> headers(String name);

    /** All request headers, values in order; the map's keys ignore case. */
    Map<String, List<String>> headers();

    /** Where the peer connected from. */
    InetSocketAddress remoteAddress();

    /** Tells whether the request came over TLS. */
    boolean isSecure();

    /** Who the container says is asking; empty on hosts that do not authenticate. */
    Optional<Principal> principal();

    /** The loop that this exchange lives on. */
    EventLoop loop();

    /**
     * Asks for the request body, whole. At most once; what is never asked for is discarded by the host.
     *
     * @param limit the most bytes to hold; more ends in {@link Body#tooLarge} without buffering more
     * @param body hears the outcome, exactly one of its methods, on the loop, possibly before this returns
     */
    void body(int limit, Body body);

    /** Adds a header to whatever answer follows, the 101 of an upgrade too. The same name may be added repeatedly. */
    void responseHeader(String name, String value);

    /**
     * Answers with a whole response. {@code Content-Length} is the host's to set, no {@code Content-Type} is added.
     *
     * @param status the status code
     * @param body the bytes, not changed by anyone afterwards
     * @param sent hears when the last byte has left, or that it never will
     */
    void respond(int status, ByteBuffer body, Sent sent);

    /** Begins a response of unknown length; the head is flushed at once. */
    ResponseStream stream(int status);

    /**
     * Calls {@code gone} once, on the loop, when the client goes away before the answer has ended; at once when it
     * already has. At most one listener.
     */
    void onGone(Runnable gone);

    /** Tells whether this is a valid WebSocket upgrade that {@link #upgrade} would accept. */
    boolean isUpgrade();

    /**
     * Accepts the upgrade. Called only after all checks have passed.
     *
     * @param subProtocol what to answer as {@code Sec-WebSocket-Protocol}; empty for none
     * @param receiver hears everything that comes; {@link WebSocketPeer.Receiver#opened} first
     */
    void upgrade(Optional<String> subProtocol, WebSocketPeer.Receiver receiver);

    /** Hears how reading a request body ended. */
    interface Body {

        /** The whole body, empty when there is none. The receiver may keep the buffer. */
        void complete(ByteBuffer body);

        /** There was more than the limit. The host reads no more of it than it must to deliver an answer. */
        void tooLarge();

        /** The client went away before the end. An answer will not arrive, and need not be given. */
        void aborted();
    }

    /** A response that is written piece by piece. May be used from any thread, one call after the other. */
    interface ResponseStream {

        /** Writes and flushes; the next write only after {@code sent}. */
        void write(ByteBuffer bytes, Sent sent);

        /** Ends the response after what was written. */
        void end();

        /** Cuts the response off: the peer sees a broken one. */
        void abort();
    }
}
