package io.hubwire.server.spi;

/**
 * Hears how one write ended. Called on the loop of what was written to, possibly before the write returns: {@link #sent}
 * once, {@link #waits} at most once before it.
 */
@FunctionalInterface
public interface Sent {

    /** Does nothing. */
    Sent IGNORED = written -> {};

    /**
     * The write is over.
     *
     * @param written true when the engine has given every byte to the operating system, false when it could not: the
     *     peer is gone or the write was given up
     */
    void sent(boolean written);

    /**
     * The operating system does not take all of it now. A host says so by the end of the turn of its loop in which it was
     * told to write; whoever writes measures from then on how long the peer keeps it waiting.
     */
    default void waits() {}
}
