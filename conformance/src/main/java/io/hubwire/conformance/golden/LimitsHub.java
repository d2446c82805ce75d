package io.hubwire.conformance.golden;

import io.hubwire.server.hub.HubName;

/** The golden methods with narrow limits. */
@HubName("golden-limits")
public final class LimitsHub extends GoldenStreams {

    /** A fresh instance for each call. */
    public LimitsHub() {}
}
