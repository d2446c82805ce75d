package io.hubwire.server.internal.dispatch;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream from a client for whoever would rather be called than wait.
 *
 * <p>For one subscriber, as the elements come once. It is called on one virtual thread, which waits for elements and for
 * demand.
 */
final class UploadPublisher implements Flow.Publisher<Object> {

    private final Upload upload;
    private final AtomicBoolean subscribed = new AtomicBoolean();

    UploadPublisher(Upload upload) {
        this.upload = upload;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Object> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (subscribed.compareAndSet(false, true)) {
            Subscription subscription = new Subscription(subscriber);
            Thread.ofVirtual().start(subscription);
        } else {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(new IllegalStateException("A stream from a client can be read once"));
        }
    }

    private static final class Nothing implements Flow.Subscription {

        @Override
        public void request(long count) {
            // There is nothing to be had.
        }

        @Override
        public void cancel() {
            // Nothing was begun.
        }
    }

    private final class Subscription implements Flow.Subscription, Runnable {

        private final Flow.Subscriber<? super Object> subscriber;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private long demand;
        private @Nullable IllegalArgumentException invalid;
        private boolean cancelled;

        Subscription(Flow.Subscriber<? super Object> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            change(() -> {
                if (count <= 0) {
                    invalid = new IllegalArgumentException("request: " + count + " (expected: > 0)");
                } else {
                    demand = count > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + count;
                }
            });
            if (count <= 0) {
                upload.close();
            }
        }

        @Override
        public void cancel() {
            change(() -> cancelled = true);
            upload.close();
        }

        private void change(Runnable what) {
            lock.lock();
            try {
                what.run();
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void run() {
            Throwable failure = null;
            try {
                subscriber.onSubscribe(this);
                upload.transferTo(this::pass);
            } catch (Exception thrown) {
                failure = thrown;
            }
            tellEnd(failure);
        }

        private void tellEnd(@Nullable Throwable failure) {
            Throwable why;
            lock.lock();
            try {
                if (cancelled) {
                    return;
                }
                why = invalid == null ? failure : invalid;
            } finally {
                lock.unlock();
            }
            if (why == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(why);
            }
        }

        private void pass(@Nullable Object item) {
            awaitDemand();
            subscriber.onNext(Objects.requireNonNull(item, "The client sent null, which no subscriber can take"));
        }

        private void awaitDemand() {
            lock.lock();
            try {
                while (demand == 0 && !cancelled && invalid == null) {
                    changed.awaitUninterruptibly();
                }
                if (cancelled) {
                    throw new CancellationException("The subscriber wants no more.");
                }
                if (invalid != null) {
                    throw invalid;
                }
                demand = demand == Long.MAX_VALUE ? demand : demand - 1;
            } finally {
                lock.unlock();
            }
        }
    }
}
