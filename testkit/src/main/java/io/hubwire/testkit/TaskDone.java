package io.hubwire.testkit;

import io.hubwire.server.spi.HttpExchange;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells when everything that a loop had been given before is done. */
final class TaskDone {

    private final AtomicBoolean done = new AtomicBoolean();

    private TaskDone() {}

    static TaskDone of(HttpExchange exchange) {
        TaskDone task = new TaskDone();
        exchange.loop().execute(() -> task.done.set(true));
        return task;
    }

    void await(TestHost host) {
        host.await(done::get);
    }
}
