package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.Demand;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.internal.connection.Mailbox;
import io.hubwire.server.internal.words.ErrorTexts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
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
        HubBase<?> instance = null;
        try {
            if (!method.demands().isEmpty() && !mayCall()) {
                refused(ErrorTexts.unauthorized(method.name()));
                return null;
            }
            if (method.isStreaming()) {
                refused(ErrorTexts.streamingWithoutStream(method.name()));
                return null;
            }
            checkStreams();
            instance = caller.instance();
            return ended(instance, method.invoke(instance, message.arguments()));
        } catch (Throwable thrown) {
            failed(instance, thrown);
            return null;
        }
    }

    private void checkStreams() {
        int sent = message.streamIds().size();
        if (sent != method.streamCount()) {
            throw ErrorTexts.wrongStreams(sent, method.streamCount());
        }
        if (sent > 0) {
            throw noStreams();
        }
    }

    /** Asks the authorizer, on the virtual thread of the call. */
    private boolean mayCall() throws InterruptedException, ExecutionException {
        for (Demand demand : method.demands()) {
            if (!hub.authorizer()
                    .authorize(caller.user(), demand)
                    .toCompletableFuture()
                    .get()) {
                return false;
            }
        }
        return true;
    }

    /** The method has returned: with the value, or with a stage that is waited for. */
    private @Nullable CompletionStage<?> ended(HubBase<?> instance, @Nullable Object returned) throws Throwable {
        if (!(returned instanceof CompletionStage<?> stage)) {
            succeeded(instance, returned);
            return null;
        }
        CompletableFuture<?> future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            succeeded(instance, future.join());
            return null;
        }
        return future.handle((value, error) -> {
            if (error == null) {
                succeeded(instance, value);
            } else {
                failed(instance, error);
            }
            return null;
        });
    }

    private void succeeded(HubBase<?> instance, @Nullable Object value) {
        hub.release(instance);
        answer(new Outcome.Value(value));
        observe(Optional.empty());
    }

    private void failed(@Nullable HubBase<?> instance, Throwable thrown) {
        if (instance != null) {
            hub.release(instance);
        }
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
