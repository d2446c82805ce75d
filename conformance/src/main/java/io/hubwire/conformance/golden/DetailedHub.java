package io.hubwire.conformance.golden;

import io.hubwire.server.hub.HubName;

/** The golden methods with detailed errors. */
@HubName("golden-detailed")
public final class DetailedHub extends GoldenStreams {

    /** A fresh instance for each call. */
    public DetailedHub() {}
}
