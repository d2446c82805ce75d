package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubStream;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * A call that is answered with a stream.
 *
 * <p>Runs on a virtual thread of its own: what the hub returns is pulled on it, as fast as the client takes it. A publisher
 * needs no thread: its values come on its own, and more are asked for when the client has taken some.
 */
final class InvokeStream extends Invoke implements HubStream.Sink<@Nullable Object> {

    private volatile @Nullable PublishedItems published;

    /** How many elements were sent; of the thread that produces. */
    private long items;

    InvokeStream(HubDispatcher hub, Caller caller, HubMethod method, HubMessage.StreamInvocation message, int bytes) {
        super(
                hub,
                caller,
                method,
                message.invocationId(),
                message.arguments(),
                message.streamIds(),
                message.headers(),
                bytes);
    }

    @Override
    protected @Nullable CompletionStage<?> run() {
        runsHere();
        try {
            perform();
        } finally {
            ranHere();
        }
        return null;
    }

    private void perform() {
        HubBase<?> instance;
        try {
            String refusal = refusal(true);
            if (refusal != null) {
                refused(refusal);
                over();
                return;
            }
            instance = caller().instance(this);
        } catch (Throwable thrown) {
            endEarly(thrown);
            return;
        }
        perform(instance);
    }

    private void perform(HubBase<?> instance) {
        Object stream;
        try {
            stream = call(instance);
            if (stream instanceof CompletionStage<?> stage) {
                stream = promised(stage);
            }
        } catch (Throwable thrown) {
            stopsHere();
            release(instance);
            endEarly(thrown);
            return;
        }
        if (stream instanceof Flow.Publisher<?> publisher && !(stream instanceof HubStream<?>)) {
            stopsHere();
            follow(publisher, instance);
            return;
        }
        Pull pull = pull(stream);
        if (pull == null) {
            stopsHere();
            release(instance);
            noStream();
        } else {
            produce(pull, instance);
        }
    }

    /** Waits for a stream; one that comes when nobody wants it any more is closed. */
    private static @Nullable Object promised(CompletionStage<?> stage) throws InterruptedException, ExecutionException {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException cancelled) {
            stage.whenComplete((late, error) -> {
                if (late instanceof AutoCloseable closeable) {
                    closeQuietly(closeable);
                }
            });
            throw cancelled;
        }
    }

    private static void closeQuietly(AutoCloseable late) {
        try {
            late.close();
        } catch (Exception unheard) {
            DispatchLog.lateStreamFailed(unheard);
        }
    }

    // ---- what is pulled

    /** Sends everything there is. */
    private interface Pull {
        void run() throws Exception;
    }

    private @Nullable Pull pull(@Nullable Object stream) {
        return switch (stream) {
            case HubStream<?> ours -> () -> ours.transferTo(this);
            case BaseStream<?, ?> values ->
                () -> {
                    try (values) {
                        pull(values.spliterator());
                    }
                };
            case Iterator<?> values -> () -> pull(values);
            case Iterable<?> values -> () -> pull(values.iterator());
            case null, default -> null;
        };
    }

    private void produce(Pull pull, HubBase<?> instance) {
        Throwable failure = null;
        try {
            pull.run();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        stopsHere();
        release(instance);
        end(failure);
    }

    private void pull(Spliterator<?> values) {
        Consumer<@Nullable Object> out = this::send;
        boolean more = true;
        while (more && !isCancelled()) {
            more = values.tryAdvance(out);
        }
    }

    private void pull(Iterator<?> values) throws Exception {
        try {
            while (!isCancelled() && values.hasNext()) {
                send(values.next());
            }
        } finally {
            if (values instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    @Override
    public void send(@Nullable Object value) {
        if (isCancelled()) {
            throw new CancellationException("The client wants no more.");
        }
        item(value);
        Outbox outbox = caller().connection().outbox();
        if (!outbox.hasRoomToSend()) {
            await(outbox.roomToSend());
        }
    }

    void item(@Nullable Object value) {
        items++;
        caller().connection().send(new HubMessage.StreamItem(id(), value));
    }

    private static void await(CompletionStage<Void> room) {
        try {
            room.toCompletableFuture().get();
        } catch (InterruptedException | ExecutionException cancelled) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The client wants no more.");
        }
    }

    // ---- what is pushed

    private void follow(Flow.Publisher<?> publisher, HubBase<?> instance) {
        PublishedItems items = new PublishedItems(this, instance);
        published = items;
        if (isCancelled()) {
            abandon();
        }
        items.follow(publisher);
    }

    @Override
    boolean isPromised() {
        return published != null;
    }

    @Override
    void abandon() {
        Objects.requireNonNull(published).cancel();
    }

    // ---- the end

    void release(HubBase<?> instance) {
        hub().release(caller().id(), instance);
    }

    private void seen() {
        long count = items;
        hub().observation().tell(seen -> seen.streamed(hub().model().name(), caller().id(), method().name(), count));
    }

    /** The stream is over; one that was cancelled ends like one that was not, whatever it says. */
    void end(@Nullable Throwable failure) {
        seen();
        if (failure == null || isCancelled()) {
            finished();
        } else {
            Throwable why = unwrapped(failure);
            failed(why, hub().texts().streamFailed(why));
        }
        over();
    }

    /** The hub, or a filter around it, has returned something else. */
    private void noStream() {
        if (isCancelled()) {
            finished();
        } else {
            refused(ErrorTexts.notAStream(method().name()));
        }
        over();
    }

    /** There is no stream, since getting one failed or was cancelled. */
    private void endEarly(Throwable thrown) {
        if (isCancelled()) {
            finished();
        } else {
            failed(thrown);
        }
        over();
    }

    private void finished() {
        answer(Outcome.Nothing.NOTHING);
        observe(Optional.empty());
    }

    private String id() {
        return Objects.requireNonNull(invocationId());
    }
}
