package io.hubwire.conformance.golden;

import io.hubwire.server.hub.HubName;

/** The golden methods, three at a time. */
@HubName("golden-parallel")
public final class ParallelHub extends GoldenStreams {

    /** A fresh instance for each call. */
    public ParallelHub() {}
}
