package io.hubwire.server.netty;

import java.util.zip.Deflater;

/**
 * Which messages of WebSockets are compressed, for clients that offer it: {@code permessage-deflate} of RFC 7692.
 *
 * {@snippet :
 * NettyHost.builder().compression(WebSocketCompression.builder().threshold(4096).build());
 * }
 *
 * <p>A message is compressed by itself, without what was sent before it ({@code server_no_context_takeover}), so that
 * one which goes to many clients is compressed once. Whoever compresses secrets together with what a stranger may
 * choose tells that stranger, by the length, how much they have in common. Immutable; safe for any thread.
 */
public final class WebSocketCompression {

    private final int threshold;
    private final int level;
    private final int maximumMessageSize;
    private final boolean clientContextTakeover;

    private WebSocketCompression(Builder builder) {
        this.threshold = builder.threshold;
        this.level = builder.level;
        this.maximumMessageSize = builder.maximumMessageSize;
        this.clientContextTakeover = builder.clientContextTakeover;
    }

    /** Begins to describe it. */
    public static Builder builder() {
        return new Builder();
    }

    int threshold() {
        return threshold;
    }

    int level() {
        return level;
    }

    int maximumMessageSize() {
        return maximumMessageSize;
    }

    boolean clientContextTakeover() {
        return clientContextTakeover;
    }

    @Override
    public String toString() {
        return "WebSocketCompression[threshold=" + threshold + ", level=" + level + ", maximumMessageSize="
                + maximumMessageSize + ", clientContextTakeover=" + clientContextTakeover + "]";
    }

    /** Describes it. Every setter checks its value; what is not set has the default that its setter names. */
    public static final class Builder {

        private int threshold = 1024;
        private int level = 6;
        private int maximumMessageSize = 1 << 20;
        private boolean clientContextTakeover;

        private Builder() {}

        /** From which size on a message is compressed. 1 KB by default. */
        public Builder threshold(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("threshold: " + bytes + " (expected: >= 0)");
            }
            threshold = bytes;
            return this;
        }

        /** How hard to try, from 1, the fastest, to 9, the smallest. 6 by default. */
        public Builder level(int value) {
            if (value < Deflater.BEST_SPEED || value > Deflater.BEST_COMPRESSION) {
                throw new IllegalArgumentException("level: " + value + " (expected: 1 to 9)");
            }
            level = value;
            return this;
        }

        /**
         * The most that a message of a client may be when it is no longer compressed; a client that sends more is
         * closed on with 1009. Longer ones of ours are not compressed either, for that would hold up the others of its
         * event loop. 1 MB by default.
         */
        public Builder maximumMessageSize(int bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException("maximumMessageSize: " + bytes + " (expected: > 0)");
            }
            maximumMessageSize = bytes;
            return this;
        }

        /**
         * Whether clients may compress a message with the help of those before it: that makes them smaller, and costs
         * up to 80 KB for each connection. Not by default.
         */
        public Builder clientContextTakeover(boolean allowed) {
            clientContextTakeover = allowed;
            return this;
        }

        /** Ends the description. */
        public WebSocketCompression build() {
            return new WebSocketCompression(this);
        }
    }
}
