package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubInvocation;
import io.hubwire.server.internal.connection.Mailbox;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One call of a hub method: may it, do it, answer.
 *
 * <p>Runs once, on a thread of its own or of its client's mailbox; {@link #cancel} comes from the connection's reader.
 */
abstract class Invoke extends Mailbox.Call implements FanOut.Asking {

    private static final VarHandle RUNNER;

    static {
        try {
            RUNNER = MethodHandles.lookup().findVarHandle(Invoke.class, "runner", Object.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** In place of a runner that is being interrupted. */
    private static final Object HELD = new Object();

    private final HubDispatcher hub;
    private final Caller caller;
    private final HubMethod method;
    private final @Nullable String invocationId;
    private final List<@Nullable Object> arguments;
    private final List<String> streamIds;
    private final Map<String, String> headers;
    private final long since;

    /** The client's streams that this call takes; set before it runs, none again when it has ended. */
    private List<Upload> uploads = List.of();

    /** The thread that may be interrupted for this call alone. */
    @SuppressWarnings("unused") // through RUNNER
    private volatile @Nullable Object runner;

    private volatile boolean cancelled;

    /** Whether it runs beside the mailbox; set before it runs. */
    private boolean aside;

    Invoke(
            HubDispatcher hub,
            Caller caller,
            HubMethod method,
            @Nullable String invocationId,
            List<@Nullable Object> arguments,
            List<String> streamIds,
            Map<String, String> headers,
            int bytes) {
        super(bytes);
        this.hub = hub;
        this.caller = caller;
        this.method = method;
        this.invocationId = invocationId;
        this.arguments = arguments;
        this.streamIds = streamIds;
        this.headers = headers;
        this.since = hub.observation().isWanted() ? caller.connection().time().nanoTime() : 0;
    }

    final HubDispatcher hub() {
        return hub;
    }

    final Caller caller() {
        return caller;
    }

    final HubMethod method() {
        return method;
    }

    /** Whether the client knows the call by this id. */
    final boolean isCalled(String id) {
        return id.equals(invocationId);
    }

    final @Nullable String invocationId() {
        return invocationId;
    }

    final List<String> streamIds() {
        return streamIds;
    }

    /** It takes these streams, which end with it. */
    final void takes(List<Upload> streams) {
        uploads = streams;
    }

    /** Starts it beside the mailbox, on a thread of its own. */
    final void startAside() {
        aside = true;
        Thread.startVirtualThread(this::run);
    }

    // ---- cancelling

    /** The client does not want the answer any more; false if the method does not care. */
    final boolean cancelIfAllowed() {
        if (method.isCancellable()) {
            cancel();
        }
        return method.isCancellable();
    }

    /** Nobody wants the answer any more. */
    final void cancel() {
        cancelled = true;
        if (isPromised()) {
            // What the application does then is not for the thread that brings the news.
            Thread.startVirtualThread(this::abandon);
        }
        Object running = runner;
        if (running instanceof Thread thread && RUNNER.compareAndSet(this, running, HELD)) {
            thread.interrupt();
            runner = running;
        }
    }

    /** Whether the call goes on without a thread of its own. */
    abstract boolean isPromised();

    /** Gives up what was promised. */
    abstract void abandon();

    final boolean isCancelled() {
        return cancelled;
    }

    /** From now on this thread is the one to interrupt. */
    final void runsHere() {
        runner = Thread.currentThread();
        if (cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread goes on to other things, and is not interrupted for this call any more. */
    final void ranHere() {
        Thread here = Thread.currentThread();
        while (runner != null && !RUNNER.compareAndSet(this, here, null)) {
            Thread.onSpinWait();
        }
    }

    /** The thread goes on with what is not to be interrupted for this call any more, and has not been. */
    final void stopsHere() {
        ranHere();
        Thread.interrupted();
    }

    @Override
    public final void asks() {
        caller.connection().mailbox().giveUpLane(this);
    }

    // ---- the steps

    /** Why the method is not called; null if it is. */
    final @Nullable String refusal(boolean streaming) throws Throwable {
        if (cancelled) {
            throw new CancellationException("The invocation was canceled.");
        }
        if (!hub.mayCall(caller.user(), method.demands())) {
            return ErrorTexts.unauthorized(method.name());
        }
        if (method.isStreaming() != streaming) {
            return streaming
                    ? ErrorTexts.streamOfNonStreaming(method.name())
                    : ErrorTexts.streamingWithoutStream(method.name());
        }
        if (streamIds.size() != method.streamCount()) {
            throw ErrorTexts.wrongStreams(streamIds.size(), method.streamCount());
        }
        return null;
    }

    /** Calls the method, with the filters around it. */
    final @Nullable Object call(HubBase<?> instance) throws Throwable {
        List<@Nullable Object> values = uploads.isEmpty() ? arguments : method.withStreams(arguments, uploads);
        if (method.filters().isEmpty()) {
            return method.invoke(instance, values);
        }
        HubInvocation invocation = new HubInvocation(caller, instance, method.callable(), values, headers);
        return method.filters().invoke(invocation, this::callUnfiltered);
    }

    private @Nullable Object callUnfiltered(HubInvocation invocation) throws Exception {
        try {
            return method.invoke(invocation.hub(), invocation.arguments());
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable unheardOf) {
            throw new IllegalStateException(unheardOf);
        }
    }

    /** What the call still waits for when it has answered: a client that takes its answers slowly is served as slowly. */
    final @Nullable CompletionStage<?> room() {
        Outbox outbox = caller.connection().outbox();
        return outbox.hasRoomToAnswer() ? null : outbox.roomToAnswer();
    }

    final void answer(Outcome outcome) {
        letGo();
        if (invocationId != null) {
            caller.connection().send(new HubMessage.Completion(invocationId, outcome));
        }
    }

    /** The method failed before it had a result. */
    final void failed(Throwable thrown) {
        Throwable why = unwrapped(thrown);
        failed(why, hub.texts().threw(method.name(), why));
    }

    final void failed(Throwable why, String text) {
        if (why instanceof HubException || why instanceof CancellationException || cancelled) {
            DispatchLog.callRefused(caller.id(), hub.model().name(), method.name(), why);
        } else {
            DispatchLog.callFailed(caller.id(), hub.model().name(), method.name(), why);
        }
        answer(new Outcome.Failure(text));
        observe(Optional.of(why));
    }

    static Throwable unwrapped(Throwable thrown) {
        boolean wraps = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        return wraps && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    final void refused(String text) {
        DispatchLog.callRefused(caller.id(), hub.model().name(), method.name(), text);
        answer(new Outcome.Failure(text));
        observe(Optional.of(new HubException(text)));
    }

    final void observe(Optional<Throwable> error) {
        if (hub.observation().isWanted()) {
            Duration time = Duration.ofNanos(caller.connection().time().nanoTime() - since);
            hub.observation().tell(seen -> seen.called(hub.model().name(), caller.id(), method.name(), error, time));
        }
    }

    /** The ids of the call and of its streams are free again, for a client that is told so next. */
    private void letGo() {
        List<Upload> taken = uploads;
        uploads = List.of();
        if (!taken.isEmpty()) {
            caller.uploads().end(taken);
        }
        if (aside) {
            caller.aside().answered(this);
        }
    }

    /** The call is over, whatever became of it. */
    final void over() {
        letGo();
        if (aside) {
            caller.aside().end(this);
        }
    }
}
