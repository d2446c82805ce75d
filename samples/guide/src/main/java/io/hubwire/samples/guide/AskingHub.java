package io.hubwire.samples.guide;

import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Asks its callers. */
public class AskingHub extends Hub {

    // begin ask
    public void closeAccount() throws InterruptedException {
        try {
            boolean sure = clients()
                    .caller()
                    .invoke(Boolean.class, Duration.ofSeconds(30), "confirm", "Close the account?")
                    .get();
            if (!sure) {
                throw new HubException("Nothing was closed.");
            }
        } catch (ExecutionException unanswered) {
            throw new HubException("Nobody answered; nothing was closed.", unanswered);
        }
    }
    // end

    // begin readThenAsk
    public int place(HubStream<Order> orders) throws Exception {
        List<Order> all = new ArrayList<>();
        orders.forEach(all::add); // first everything is read
        boolean sure = clients()
                .caller()
                .invoke(Boolean.class, Duration.ofSeconds(30), "confirm", all.size() + " orders?")
                .get();
        return sure ? all.size() : 0;
    }
    // end
}
