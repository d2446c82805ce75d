package io.hubwire.testkit;

import java.nio.ByteBuffer;
import java.util.List;

/** A client's end of a WebSocket; methods that return something wait for it, ten seconds at most. */
public interface ClientSocket {

    /** The status of the answer to the upgrade: 101 when it was accepted. */
    int status();

    /** The values of a header of that answer, in order; the name ignores case. */
    List<String> headers(String name);

    /** Sends text messages, all of them at once: the host finds them in one read. */
    void text(String... messages);

    /** Sends a binary message. */
    void binary(byte[] message);

    /** Sends one message in several frames; a text need not be one. */
    void fragments(boolean text, byte[]... pieces);

    /** Sends a ping. */
    void ping(String payload);

    /** Sends a pong. */
    void pong(String payload);

    /** Sends a close frame. */
    void close(int code, String reason);

    /** The next thing that the host does. */
    Event next();

    /** Takes nothing until {@link #release}. */
    void hold();

    /** Takes what comes, as at the beginning. */
    void release();

    /** Goes away without a word. */
    void vanish();

    /** What a host does to its client. */
    sealed interface Event {

        /** A whole text message. */
        record Text(String text) implements Event {}

        /** A whole binary message. */
        record Binary(ByteBuffer bytes) implements Event {}

        /** A ping. */
        record Ping(String payload) implements Event {}

        /** A pong. */
        record Pong(String payload) implements Event {}

        /** A close frame. */
        record Close(int code, String reason) implements Event {}

        /** The connection is closed. */
        record Gone() implements Event {}
    }
}
