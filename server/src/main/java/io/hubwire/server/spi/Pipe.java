package io.hubwire.server.spi;

import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.negotiate.TransportType;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transport's end of one connection: bytes both ways, whatever carries them, across polls and posts.
 *
 * <p>Sending is by asking: whoever has something to say calls {@link #ready}, and the transport takes it when the
 * engine can write. Safe for any thread unless said otherwise.
 */
public interface Pipe {

    /** The public name of the connection. */
    ConnectionId id();

    /** The request that opened the transport, as it was then; after a stateful reconnect, that of the new socket. */
    ConnectionRequest request();

    /** Who opened the transport; empty for an anonymous client. Does not change, whoever sends later requests. */
    Optional<Principal> user();

    /** What carries the bytes. */
    TransportType transport();

    /** The loop on which {@link Receiver#take} is called at present; the loop of the last one between two polls. */
    EventLoop loop();

    /** Tells whether what is sent may be of this format: Server-Sent Events carry text only. */
    boolean carries(TransferFormat format);

    /** Says what is sent from now on is; text until then. Called before the first bytes in that format are ready. */
    void format(TransferFormat format);

    /** Tells whether the client was promised at negotiate that it may come back after a loss. */
    default boolean isStateful() {
        return false;
    }

    /**
     * From now on a WebSocket that is lost is not the end: the receiver hears {@link Receiver#lost}, and {@link
     * Receiver#regained} if the client comes back in time. Called where {@link Receiver#received} is, if {@link
     * #isStateful}; other transports do not care.
     */
    default void surviveLoss() {}

    /** Something waits to be taken. Cheap to call again; the transport takes everything that waits on its next turn. */
    void ready();

    /** Input may go on after {@link Receiver#received} returned false. */
    void resume();

    /**
     * Ends the connection in the transport's own way once {@link Receiver#take} has nothing more: WebSocket close, end
     * of the event stream, 204 to the next poll. Nothing is received any more. The first call counts.
     */
    void end(Ending ending);

    /** Cuts the connection without delivering what waits: lost or hopeless peers. */
    void abort();

    /** How a connection ends on the wire. */
    enum Ending {
        /** The regular end: WebSocket close 1000. */
        NORMAL,
        /** The server goes away and says so: WebSocket close 1001. */
        GOING_AWAY,
        /** The server failed: WebSocket close 1011. */
        ERROR
    }

    /**
     * The application's end of one connection.
     *
     * <p>{@link #received} calls come one at a time, but not always on the same thread: posts arrive on other sockets
     * than the stream. {@link #take} and {@link #handedOver} come on {@link Pipe#loop}.
     */
    interface Receiver {

        /**
         * Bytes from the client, in order, at most what one read or post brought.
         *
         * @param bytes valid during the call only; all of them are taken in any case
         * @return false if the next may only come after {@link Pipe#resume}
         */
        boolean received(ByteBuffer bytes);

        /**
         * Takes the next whole unit to send (one WebSocket message, one event, one poll body), everything that waits up
         * to a bound of the receiver's. Not called again before {@link #handedOver}.
         *
         * @return null when nothing waits
         */
        @Nullable ByteBuffer take();

        /**
         * What was taken last is written, or not. What was not written is taken again by the next transport request, if
         * there is one (long polling, a reconnected socket).
         *
         * @return whether there is something to take now; what comes later announces itself by {@link Pipe#ready}
         */
        boolean handedOver(boolean written);

        /**
         * The client has ended the connection in the transport's own way and may still read an answer (DELETE while a
         * poll waits). The receiver says what it has to say and calls {@link Pipe#end}.
         */
        void left();

        /**
         * What the client has authenticated itself with is valid no longer, and its endpoint closes such connections. The
         * receiver says what it has to say and calls {@link Pipe#end}.
         */
        void authenticationExpired();

        /**
         * The write of what was taken last has not ended within the transport's send timeout. The receiver decides what
         * becomes of the client; a receiver that does nothing is asked again after the same time.
         */
        void stalled();

        /**
         * The socket is lost, and the client may come back. What was taken and not written was handed over as such;
         * nothing is received or taken before {@link #regained}. On {@link Pipe#loop}.
         */
        default void lost() {}

        /** The client is back on another socket, which begins with a whole message. On {@link Pipe#loop}. */
        default void regained() {}

        /** The client has been silent for longer than its transport allows; {@link #closed} follows. On {@link Pipe#loop}. */
        default void timedOut() {}

        /**
         * The transport is over: the client is gone, or {@link Pipe#end} is done. The last call.
         *
         * @param error why, when it was not in order; empty for a client that just left
         */
        void closed(Optional<Throwable> error);
    }
}
