package io.hubwire.server.spi;

import java.nio.ByteBuffer;

/**
 * The server's end of one open WebSocket.
 *
 * <p>One send is in flight at a time: the next only after {@link Sent}. Methods are called on {@link #loop}, except
 * {@link #terminate} and {@link #resume}, which are safe for any thread.
 */
public interface WebSocketPeer {

    /** The loop on which everything happens. */
    EventLoop loop();

    /**
     * Sends one whole message: now, or together with what its loop has for other sockets, at the end of the turn.
     *
     * @param text true for a text message (the bytes are UTF-8), false for a binary one
     * @param message the payload, not changed by anyone until {@code sent}
     * @param sent hears when it was handed to the operating system, possibly before this returns
     */
    void send(boolean text, ByteBuffer message, Sent sent);

    /** Sends a WebSocket ping frame with no payload. */
    void ping();

    /**
     * Sends a close frame behind what was sent. The host closes the socket when the peer has answered; it does not
     * wait by itself: whoever calls this calls {@link #terminate} when it takes too long. Nothing can be sent after.
     */
    void close(int code, String reason);

    /** Cuts the socket. Does nothing when it is closed already. */
    void terminate();

    /** Goes on delivering after {@link Receiver#received} returned false. */
    void resume();

    /** What the host tells about one WebSocket. All calls come on the loop, one at a time. */
    interface Receiver {

        /** The upgrade was answered; sending is possible from here on. The first call. */
        void opened(WebSocketPeer peer);

        /**
         * Bytes of a data message, text and binary alike. A host may deliver a message in pieces, and several messages
         * one after the other. Text that is not UTF-8 does not get here: the host closes with 1007.
         *
         * @param bytes valid during the call only; all of them are taken in any case
         * @return false to be given nothing more until {@link WebSocketPeer#resume}: the host stops reading the socket
         */
        boolean received(ByteBuffer bytes);

        /** A pong frame, or any other sign of life that carries no data. */
        void pong();

        /**
         * The socket is closed. The last call.
         *
         * @param clean true when a close frame of the peer came (the host has answered it with 1000 and no reason if
         *     ours was not sent before), false when the socket was lost or cut
         */
        void closed(boolean clean);
    }
}
