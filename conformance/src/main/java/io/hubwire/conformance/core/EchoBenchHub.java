package io.hubwire.conformance.core;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubMethodName;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/** The standard load scenarios. */
public final class EchoBenchHub extends Hub {

    private static final String SEND = "send";
    private static final Duration PAUSE = Duration.ofMillis(1);

    /** A fresh instance for each call. */
    public EchoBenchHub() {}

    /** Sends the time to everyone, some hundred times a second, for so many seconds: nobody waits for slow clients. */
    @HubMethodName("Broadcast")
    public void broadcast(int seconds) {
        ClientProxy all = clients().all();
        Instant end = Instant.now().plus(Duration.ofSeconds(seconds));
        Thread.startVirtualThread(() -> {
            for (Instant now = Instant.now(); now.isBefore(end); now = Instant.now()) {
                all.send(SEND, now).toCompletableFuture().join();
                LockSupport.parkNanos(PAUSE.toNanos());
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
