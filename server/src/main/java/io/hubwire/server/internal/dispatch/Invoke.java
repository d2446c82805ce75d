package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.internal.connection.Mailbox;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of a hub method: may it, do it, answer. Runs in its client's mailbox. */
final class Invoke extends Mailbox.Call {

    private final HubDispatcher hub;
    private final Caller caller;
    private final HubMethod method;
    private final HubMessage.Invocation message;
    private final long since;

    Invoke(HubDispatcher hub, Caller caller, HubMethod method, HubMessage.Invocation message, int bytes) {
        super(bytes);
        this.hub = hub;
        this.caller = caller;
        this.method = method;
        this.message = message;
        this.since = hub.observation().isWanted() ? System.nanoTime() : 0;
    }

    static HubException noStreams() {
        return new HubException("Streams are not available on this server.");
    }

    @Override
    protected @Nullable CompletionStage<?> run() {
        HubBase<?> instance;
        try {
            String refusal = refusal();
            if (refusal != null) {
                refused(refusal);
                return room();
            }
            instance = caller.instance();
        } catch (Throwable thrown) {
            failed(thrown);
            return room();
        }
        return call(instance);
    }

    /** Why the method is not called; null if it is. */
    private @Nullable String refusal() throws Throwable {
        if (!hub.mayCall(caller.user(), method.demands())) {
            return ErrorTexts.unauthorized(method.name());
        }
        if (method.isStreaming()) {
            return ErrorTexts.streamingWithoutStream(method.name());
        }
        int sent = message.streamIds().size();
        if (sent != method.streamCount()) {
            throw ErrorTexts.wrongStreams(sent, method.streamCount());
        }
        if (sent > 0) {
            throw noStreams();
        }
        return null;
    }

    private @Nullable CompletionStage<?> call(HubBase<?> instance) {
        Object value;
        try {
            value = method.invoke(instance, message.arguments());
            if (value instanceof CompletionStage<?> stage) {
                CompletableFuture<?> future = stage.toCompletableFuture();
                if (!future.isDone()) {
                    return future.handle((result, error) -> {
                                end(instance, result, error);
                                return caller.connection().outbox().room();
                            })
                            .thenCompose(Function.identity());
                }
                value = future.join();
            }
        } catch (Throwable thrown) {
            end(instance, null, thrown);
            return room();
        }
        end(instance, value, null);
        return room();
    }

    /** The method is done, with a value or an error. */
    private void end(HubBase<?> instance, @Nullable Object value, @Nullable Throwable error) {
        hub.release(caller.id(), instance);
        if (error != null) {
            failed(error);
        } else {
            answer(new Outcome.Value(value));
            observe(Optional.empty());
        }
    }

    /** What the call still waits for when it has answered: a client that takes its answers slowly is served as slowly. */
    private @Nullable CompletionStage<?> room() {
        Outbox outbox = caller.connection().outbox();
        return outbox.hasRoom() ? null : outbox.room();
    }

    private void failed(Throwable thrown) {
        Throwable why = thrown instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : thrown;
        if (why instanceof HubException meantForTheCaller) {
            DispatchLog.callRefused(caller.id(), hub.model().name(), method.name(), meantForTheCaller.toString());
        } else {
            DispatchLog.callFailed(caller.id(), hub.model().name(), method.name(), why);
        }
        answer(new Outcome.Failure(hub.texts().threw(method.name(), why)));
        observe(Optional.of(why));
    }

    private void refused(String text) {
        DispatchLog.callRefused(caller.id(), hub.model().name(), method.name(), text);
        answer(new Outcome.Failure(text));
        observe(Optional.of(new HubException(text)));
    }

    private void answer(Outcome outcome) {
        if (message.invocationId() != null) {
            caller.connection().send(new HubMessage.Completion(message.invocationId(), outcome));
        }
    }

    private void observe(Optional<Throwable> error) {
        if (hub.observation().isWanted()) {
            Duration time = Duration.ofNanos(System.nanoTime() - since);
            hub.observation().tell(seen -> seen.called(hub.model().name(), caller.id(), method.name(), error, time));
        }
    }
}
