package io.hubwire.samples.guide;

import java.util.concurrent.CompletionStage;

/** What the hub of the guide works with. */
public interface Orders {

    /** Keeps an order. */
    Receipt save(Order order);

    /** Finds what became of an order. */
    CompletionStage<Receipt> findLater(String id);

    /** Forgets what a connection had begun. */
    void forget(String connectionId);
}
