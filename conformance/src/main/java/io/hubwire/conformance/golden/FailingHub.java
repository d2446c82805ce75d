package io.hubwire.conformance.golden;

import io.hubwire.conformance.answer.InvalidOperationException;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.HubName;

/** A hub that lets nobody in. */
@HubName("golden-failing")
public final class FailingHub extends Hub {

    /** A fresh instance for each call. */
    public FailingHub() {}

    @Override
    public void onConnected() {
        throw new InvalidOperationException("not today");
    }

    /** Does nothing. */
    @HubMethodName("Nothing")
    public void nothing() {}
}
