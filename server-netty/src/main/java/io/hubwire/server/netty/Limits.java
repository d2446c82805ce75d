package io.hubwire.server.netty;

import java.time.Duration;

/** What a client may cost before it is known to be one. */
record Limits(int maximumRequestLineSize, int maximumHeaderSize, Duration requestTimeout, Duration keepAliveTimeout) {

    /** How long a client that was said goodbye to may take to close. */
    Duration partingTimeout() {
        return requestTimeout.compareTo(LONGEST_PARTING) < 0 ? requestTimeout : LONGEST_PARTING;
    }

    private static final Duration LONGEST_PARTING = Duration.ofSeconds(5);
}
