package io.hubwire.server.netty;

import java.util.Arrays;
import java.util.zip.Inflater;

/**
 * The last 32 KB that one client has sent, as they were before they were compressed: what an inflater forgets at the end
 * of a stream. Grows with what was sent. Confined to the connection's event loop.
 */
final class Window {

    private static final int SIZE = 32 * 1024;
    private static final int SMALLEST = 1024;

    /** A ring once it has grown to its size. */
    private byte[] ring = new byte[SMALLEST];

    private int at;
    private boolean wrapped;

    /** Adds what was inflated next, at the beginning of an array, and no more than the window holds. */
    void add(byte[] bytes, int length) {
        if (at + length > ring.length && ring.length < SIZE) {
            ring = Arrays.copyOf(ring, Math.min(SIZE, Math.max(at + length, 2 * ring.length)));
        }
        int first = Math.min(length, ring.length - at);
        System.arraycopy(bytes, 0, ring, at, first);
        System.arraycopy(bytes, first, ring, 0, length - first);
        wrapped |= at + length >= SIZE;
        at = (at + length) % SIZE;
    }

    /** Lets an inflater that begins anew know it. */
    void giveTo(Inflater inflater) {
        byte[] whole = new byte[wrapped ? SIZE : at];
        int older = wrapped ? SIZE - at : 0;
        System.arraycopy(ring, at, whole, 0, older);
        System.arraycopy(ring, 0, whole, older, at);
        inflater.setDictionary(whole);
    }
}
