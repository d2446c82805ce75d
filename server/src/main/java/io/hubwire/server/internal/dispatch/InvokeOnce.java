package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubBase;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call that is answered with one result, or with none. */
final class InvokeOnce extends Invoke {

    /** The result, where the method has promised one. */
    private volatile @Nullable CompletableFuture<?> promised;

    InvokeOnce(HubDispatcher hub, Caller caller, HubMethod method, HubMessage.Invocation message, int bytes) {
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
        if (!method().isCancellable()) {
            return perform();
        }
        runsHere();
        try {
            return perform();
        } finally {
            ranHere();
        }
    }

    private @Nullable CompletionStage<?> perform() {
        HubBase<?> instance;
        try {
            String refusal = refusal(false);
            if (refusal != null) {
                refused(refusal);
                over();
                return room();
            }
            instance = caller().instance(this);
        } catch (Throwable thrown) {
            failed(thrown);
            over();
            return room();
        }
        return perform(instance);
    }

    private @Nullable CompletionStage<?> perform(HubBase<?> instance) {
        Object value;
        try {
            value = call(instance);
            if (value instanceof CompletionStage<?> stage) {
                CompletableFuture<?> future = stage.toCompletableFuture();
                if (!future.isDone()) {
                    return later(instance, future);
                }
                value = future.join();
            }
        } catch (Throwable thrown) {
            endHere(instance, null, thrown);
            return room();
        }
        endHere(instance, value, null);
        return room();
    }

    private void endHere(HubBase<?> instance, @Nullable Object value, @Nullable Throwable error) {
        if (method().isCancellable()) {
            stopsHere(); // the activator is not what was cancelled
        }
        end(instance, value, error);
    }

    private CompletionStage<?> later(HubBase<?> instance, CompletableFuture<?> future) {
        promised = future;
        if (isCancelled()) {
            abandon();
        }
        return future.handle((result, error) -> {
                    end(instance, result, error);
                    return caller().connection().outbox().roomToAnswer();
                })
                .thenCompose(Function.identity());
    }

    @Override
    boolean isPromised() {
        return promised != null;
    }

    @Override
    void abandon() {
        Objects.requireNonNull(promised).cancel(true);
    }

    /** The method is done, with a value or an error. */
    private void end(HubBase<?> instance, @Nullable Object value, @Nullable Throwable error) {
        hub().release(caller().id(), instance);
        if (error != null) {
            failed(error);
        } else {
            answer(new Outcome.Value(value));
            observe(Optional.empty());
        }
        over();
    }
}
