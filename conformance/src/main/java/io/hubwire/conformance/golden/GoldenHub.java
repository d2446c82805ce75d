package io.hubwire.conformance.golden;

import io.hubwire.server.hub.HubName;

/** The hub of six paths. */
@HubName("golden")
public final class GoldenHub extends GoldenStreams {

    /** A fresh instance for each call. */
    public GoldenHub() {}
}
