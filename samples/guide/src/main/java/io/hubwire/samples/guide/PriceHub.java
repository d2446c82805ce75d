package io.hubwire.samples.guide;

import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubStream;

// begin authorize
@Authorize
public class PriceHub extends Hub {

    public HubStream<String> news() {
        return HubStream.of(out -> out.send("open"));
    }

    @Authorize(roles = {"admin", "dealer"})
    public void close() {
        clients().all().send("closed");
    }

    @Authorize(policy = "four-eyes")
    public void reset() {
        clients().all().send("reset");
    }
}
// end
