package io.hubwire.server.internal.dispatch;

import io.hubwire.server.hub.HubBase;
import io.hubwire.server.internal.outbox.Outbox;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher gives to one client: asked for a few at a time, the next when the client has taken enough.
 *
 * <p>Signals come one at a time, on threads of the publisher's choosing; {@link #cancel} comes from any thread.
 */
final class PublishedItems implements Flow.Subscriber<Object> {

    /** How many values are asked for together. */
    private static final int BATCH = 32;

    private final InvokeStream call;
    private final HubBase<?> instance;
    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

    /** Keeps an item from coming behind the end. Held while one is put into the outbox. */
    private final ReentrantLock order = new ReentrantLock();

    private volatile boolean over;

    /** How many of a batch have come; confined to the signals. */
    private int come;

    PublishedItems(InvokeStream call, HubBase<?> instance) {
        this.call = call;
        this.instance = instance;
    }

    // A subscriber of anything can subscribe to a publisher of something.
    @SuppressWarnings("unchecked")
    void follow(Flow.Publisher<?> publisher) {
        try {
            ((Flow.Publisher<Object>) publisher).subscribe(this);
        } catch (RuntimeException | Error thrown) {
            end(thrown);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        if (!subscription.compareAndSet(null, given) || over) {
            given.cancel();
            return;
        }
        given.request(BATCH);
    }

    @Override
    public void onNext(Object item) {
        Objects.requireNonNull(item, "item");
        order.lock();
        try {
            if (over) {
                return;
            }
            call.item(item);
        } finally {
            order.unlock();
        }
        if (++come == BATCH) {
            come = 0;
            more();
        }
    }

    private void more() {
        Outbox outbox = call.caller().connection().outbox();
        if (outbox.hasRoomToSend()) {
            requestMore();
        } else {
            outbox.roomToSend().thenRun(this::requestMore);
        }
    }

    private void requestMore() {
        Flow.Subscription asked = subscription.get();
        if (asked != null && !over) {
            asked.request(BATCH);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(Objects.requireNonNull(failure, "failure"));
    }

    @Override
    public void onComplete() {
        end(null);
    }

    /** Nobody wants more. */
    void cancel() {
        Flow.Subscription known = subscription.get();
        if (known != null) {
            known.cancel();
        }
        end(null);
    }

    private void end(@Nullable Throwable failure) {
        order.lock();
        try {
            if (over) {
                return;
            }
            over = true;
        } finally {
            order.unlock();
        }
        call.release(instance);
        call.end(failure);
    }
}
