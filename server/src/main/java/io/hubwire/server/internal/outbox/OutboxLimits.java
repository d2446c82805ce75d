package io.hubwire.server.internal.outbox;

import io.hubwire.server.options.TransportOptions;

/**
 * What an outbox may hold.
 *
 * @param soft bytes beyond which {@link Outbox#room} makes senders wait
 * @param hard bytes behind the frame that is being written, unacknowledged ones included, beyond which the client is
 *     given up; a single message always fits
 * @param frame bytes beyond which no second message joins a frame
 * @param window how many numbered messages are kept after they were handed over
 * @param unacknowledged bytes that wait or are kept beyond which {@link Outbox#roomToSend} makes senders wait, where the client
 *     says what has arrived; 0 where it does not
 */
public record OutboxLimits(long soft, long hard, int frame, int window, long unacknowledged) {

    /** Limits where the client does not say what has arrived. */
    public OutboxLimits(long soft, long hard, int frame, int window) {
        this(soft, hard, frame, window, 0);
    }

    /** What the options of an endpoint say, of a connection that is never replayed. */
    public static OutboxLimits of(TransportOptions options) {
        int soft = options.transportMaxBufferSize();
        return new OutboxLimits(soft, options.maximumOutboxSize(), soft, 0);
    }

    /** The same of a connection whose client says what has arrived. */
    public OutboxLimits acknowledged(long bytes) {
        return new OutboxLimits(soft, Math.max(hard, bytes), frame, Integer.MAX_VALUE, bytes);
    }
}
