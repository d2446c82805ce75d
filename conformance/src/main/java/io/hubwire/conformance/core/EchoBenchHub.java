package io.hubwire.conformance.core;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubMethodName;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** The standard load scenarios. */
public final class EchoBenchHub extends Hub {

    private static final String SEND = "send";

    /** A fresh instance for each call. */
    public EchoBenchHub() {}

    /** Sends the time to everyone, as fast as it goes, for so many seconds. */
    @HubMethodName("Broadcast")
    public void broadcast(int seconds) {
        ClientProxy all = clients().all();
        Instant end = Instant.now().plus(Duration.ofSeconds(seconds));
        Thread.startVirtualThread(() -> {
            for (Instant now = Instant.now(); now.isBefore(end); now = Instant.now()) {
                all.send(SEND, now).toCompletableFuture().join();
            }
        });
    }

    /** Returns the time that it is given. */
    @HubMethodName("Echo")
    public Instant echo(Instant time) {
        return time;
    }

    /** Sends the time that it is given to everyone. */
    @HubMethodName("EchoAll")
    public CompletionStage<Void> echoAll(Instant time) {
        return clients().all().send(SEND, time);
    }

    /** Sends a text to everyone. */
    @HubMethodName("SendPayload")
    public CompletionStage<Void> sendPayload(String payload) {
        return clients().all().send(SEND, payload);
    }

    /** What time it is. */
    @HubMethodName("GetCurrentTime")
    public Instant currentTime() {
        return Instant.now();
    }
}
