package io.hubwire.samples.guide;

import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.NonBlocking;
import java.util.concurrent.CompletionStage;

// begin hub
/** What clients call: every public method. */
public class OrdersHub extends Hub {

    private final Orders orders;

    public OrdersHub(Orders orders) {
        this.orders = orders;
    }

    @Override
    public void onConnected() {
        clients().caller().send("welcome", context().connectionId());
    }

    /** Returns a value; may block, since it runs on a virtual thread. */
    public Receipt place(Order order) {
        if (order.quantity() < 1) {
            throw new HubException("Order at least one.");
        }
        return orders.save(order);
    }

    /** Returns a value later. */
    public CompletionStage<Receipt> find(String id) {
        return orders.findLater(id);
    }

    /** Returns at once, and says so. */
    @NonBlocking
    public void typing(String room) {
        clients().othersInGroup(room).send("typing", context().connectionId());
    }

    @Override
    public void onDisconnected(Departure departure) {
        orders.forget(context().connectionId());
    }
}
// end
