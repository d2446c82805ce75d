package io.hubwire.samples.guide;

import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubContext;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

// begin door
public class DoorHub extends Hub {

    private final AtomicReference<HubContext<ClientProxy>> self;

    public DoorHub(AtomicReference<HubContext<ClientProxy>> self) {
        this.self = self;
    }

    public Set<String> whoIsHere() {
        return self.get().presence().users();
    }

    @Authorize(roles = "doorman")
    public void throwOut(String user) {
        self.get().abortUser(user);
    }
}
// end
