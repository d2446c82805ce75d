package io.hubwire.server.internal.connection;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What makes a client find everything as it was when it comes back on another socket: counts its messages, tells it what
 * has arrived, and leaves out what it says twice.
 *
 * <p>Messages come from one reader at a time; the timer that acknowledges runs only while there is something to
 * acknowledge.
 */
final class Resumption {

    private static final Duration ACKNOWLEDGE_AFTER = Duration.ofSeconds(1);

    /** How long a direct send waits for the client to acknowledge others. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HubProtocol protocol;
    private final Outbox outbox;
    private final Scheduler scheduler;
    private final AtomicBoolean acknowledging = new AtomicBoolean();

    /** The number of the next message; the reader's own. */
    private long next = 1;

    /** The number of the newest message that was new. */
    private volatile long newest;

    private volatile boolean lost;

    Resumption(HubProtocol protocol, Outbox outbox, Scheduler scheduler) {
        this.protocol = protocol;
        this.outbox = outbox;
        this.scheduler = scheduler;
    }

    /**
     * Tells whether a message concerns anyone else, and has not come before. By the reader.
     *
     * @throws io.hubwire.protocol.ProtocolException if the client has left messages out
     */
    boolean isNew(HubMessage message) {
        return switch (message) {
            case HubMessage.Ack ack -> {
                outbox.arrived(ack.sequenceId());
                yield false;
            }
            case HubMessage.Sequence sequence -> {
                begin(sequence.sequenceId());
                yield false;
            }
            case HubMessage.Invocation call -> count();
            case HubMessage.StreamInvocation call -> count();
            case HubMessage.StreamItem item -> count();
            case HubMessage.Completion completion -> count();
            case HubMessage.CancelInvocation cancel -> count();
            case HubMessage.BindingFailure failure -> count();
            case HubMessage.StreamBindingFailure failure -> count();
            case HubMessage.CompletionBindingFailure failure -> count();
            case HubMessage.Ping ping -> true;
            case HubMessage.Close close -> true;
            case HubMessage.Unknown unknown -> true;
        };
    }

    private void begin(long number) {
        if (number > newest + 1) {
            throw ErrorTexts.outOfSequence();
        }
        next = number;
    }

    private boolean count() {
        long number = next++;
        boolean isNew = number > newest;
        if (isNew) {
            newest = number;
        }
        // Of a message that comes again, the client has not heard that it arrived.
        if (acknowledging.compareAndSet(false, true)) {
            scheduler.schedule(ACKNOWLEDGE_AFTER, this::acknowledge);
        }
        return isNew;
    }

    private void acknowledge() {
        acknowledging.set(false);
        if (!lost) {
            outbox.add(Outbox.Item.unnumbered(protocol.write(new HubMessage.Ack(newest))));
        }
    }

    /** A sender waits for acknowledgements, but not for ever. */
    void crowded(CompletableFuture<Void> room) {
        Scheduler.Timer patience =
                scheduler.schedule(PATIENCE, () -> Thread.startVirtualThread(() -> room.complete(null)));
        room.thenRun(patience::cancel);
    }

    /** There is no socket. What the client misses for want of one, it says again. */
    void lost() {
        lost = true;
    }

    /** The client is back: it is told what comes next, and gets what it has not acknowledged. */
    void regained() {
        outbox.replay(number -> Outbox.Item.unnumbered(protocol.write(new HubMessage.Sequence(number))));
        lost = false;
    }
}
