package io.hubwire.server.spi;

/** Hears how one write ended. Called once, on the loop of what was written to, possibly before the write returns. */
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
}
