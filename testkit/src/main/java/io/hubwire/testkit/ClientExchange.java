package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** A request that was sent, and what comes back; methods that return something wait for it, ten seconds at most. */
public interface ClientExchange {

    /** The status of the answer. */
    int status();

    /** The values of a header of the answer, in order; the name ignores case. */
    List<String> headers(String name);

    /**
     * The next bytes of the answer, exactly so many.
     *
     * @throws java.io.UncheckedIOException if the answer ends before
     */
    byte[] bytes(int count);

    /** The next bytes of the answer, exactly so many, as text. */
    default String read(int bytes) {
        return new String(bytes(bytes), UTF_8);
    }

    /** What is left of the answer, to its end. */
    byte[] bytes();

    /** What is left of the answer, to its end, as text. */
    default String body() {
        return new String(bytes(), UTF_8);
    }

    /** Waits for the end of the answer; false when it is cut off before. */
    boolean isWhole();

    /** Sends more of the body. */
    void send(String body);

    /** Ends a body of unknown length. */
    void finish();

    /** Takes nothing of the answer until {@link #release}. */
    void hold();

    /** Takes what comes, as at the beginning. */
    void release();

    /** Goes away without a word. */
    void vanish();
}
