package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubCall;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.hub.HubCallerContext;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.fanout.Member;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ConnectionRequest;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client as its hub sees it: its identity, its calls, its coming and going.
 *
 * <p>Messages come from one reader at a time, lifetime events once each; what hub code asks is safe for any thread.
 */
final class Caller implements HubConnection.Listener, HubCallerContext {

    private final HubDispatcher hub;
    private final HubConnection connection;
    private final long since;
    private volatile @Nullable HubCall<?> call;
    private @Nullable Member member;
    private volatile @Nullable Map<Object, Object> items;
    private volatile @Nullable CompletableFuture<Void> aborted;
    private volatile boolean over;

    /** Guards the making of what most connections never ask for. */
    private final ReentrantLock making = new ReentrantLock();

    Caller(HubDispatcher hub, HubConnection connection) {
        this.hub = hub;
        this.connection = connection;
        this.since = System.nanoTime();
    }

    HubConnection connection() {
        return connection;
    }

    /** Makes a hub instance for one call. */
    HubBase<?> instance() throws Exception {
        return hub.create(Objects.requireNonNull(call));
    }

    // ---- coming

    @Override
    public InvocationBinder binder() {
        return hub.methods();
    }

    @Override
    public boolean entering() {
        member = hub.fanOut().join(connection.id(), userIdentifier(), connection.outbox());
        call = call(hub.typed(hub.fanOut().clients(member)));
        if (!hub.watchesConnected()) {
            return true;
        }
        connection.errand(this::enter);
        return false;
    }

    private <T> HubCall<T> call(HubCallerClients<T> clients) {
        return new HubCall<>(this, clients, hub.fanOut());
    }

    private void enter() {
        try {
            HubBase<?> instance = instance();
            try {
                instance.onConnected();
            } finally {
                hub.release(id(), instance);
            }
        } catch (Throwable notLetIn) {
            DispatchLog.enteringFailed(connection.id(), hub.model().name(), notLetIn);
            hub.observation().tell(seen -> seen.failed(hub.model().name(), connection.id(), notLetIn));
            connection.refused(notLetIn);
            leave();
            return;
        }
        connection.opened();
    }

    @Override
    public void opened() {
        hub.observation().tell(seen -> seen.connected(hub.model().name(), connection.id(), transport()));
    }

    // ---- messages

    @Override
    public void received(HubMessage message, int bytes) {
        switch (message) {
            case HubMessage.Invocation invocation -> {
                HubMethod method = hub.methods().method(invocation.target());
                Invoke call = new Invoke(hub, this, method, invocation, bytes);
                if (method.streamCount() > 0) {
                    // Calls with streams take no lane.
                    Thread.startVirtualThread(call::run);
                } else {
                    connection.mailbox().offer(call, method.returnsAtOnce());
                }
            }
            case HubMessage.StreamInvocation stream -> {
                HubMethod method = hub.methods().method(stream.target());
                if (method.demands().isEmpty()) {
                    refuseStream(method, stream);
                } else {
                    Thread.startVirtualThread(() -> refuseStream(method, stream));
                }
            }
            case HubMessage.BindingFailure failure -> refuse(failure);
            case HubMessage.StreamItem item -> DispatchLog.unexpected(connection.id(), item);
            case HubMessage.Completion completion -> DispatchLog.unexpected(connection.id(), completion);
            case HubMessage.CancelInvocation cancel -> DispatchLog.unexpected(connection.id(), cancel);
            case HubMessage.StreamBindingFailure failure -> DispatchLog.unexpected(connection.id(), failure);
            case HubMessage.CompletionBindingFailure failure -> DispatchLog.unexpected(connection.id(), failure);
            case HubMessage.Ack ack -> DispatchLog.unexpected(connection.id(), ack);
            case HubMessage.Sequence sequence -> DispatchLog.unexpected(connection.id(), sequence);
            case HubMessage.Ping ping -> {}
            case HubMessage.Close close -> {}
            case HubMessage.Unknown unknown -> {}
        }
    }

    private void refuse(HubMessage.BindingFailure failure) {
        String name = hub.methods()
                .target(failure.target())
                .map(InvocationBinder.Target::name)
                .orElse(failure.target());
        answer(failure.invocationId(), name, hub.texts().failedToInvoke(name, failure.cause()), failure.cause());
    }

    private void refuseStream(HubMethod method, HubMessage.StreamInvocation stream) {
        answer(stream.invocationId(), method.name(), whyNoStream(method), Invoke.noStreams());
    }

    private String whyNoStream(HubMethod method) {
        try {
            if (!hub.mayCall(user(), method.demands())) {
                return ErrorTexts.unauthorized(method.name());
            }
        } catch (Throwable undecided) {
            return hub.texts().threw(method.name(), undecided);
        }
        return method.isStreaming()
                ? hub.texts().threw(method.name(), Invoke.noStreams())
                : ErrorTexts.streamOfNonStreaming(method.name());
    }

    private void answer(@Nullable String invocationId, String method, String text, Throwable why) {
        DispatchLog.callRefused(connection.id(), hub.model().name(), method, text);
        hub.observation()
                .tell(seen ->
                        seen.called(hub.model().name(), connection.id(), method, Optional.of(why), Duration.ZERO));
        if (invocationId != null) {
            connection.send(new HubMessage.Completion(invocationId, new HubMessage.Outcome.Failure(text)));
        }
    }

    // ---- going

    @Override
    public void disconnected(Departure departure) {
        ended();
        hub.observation()
                .tell(seen -> seen.disconnected(
                        hub.model().name(),
                        connection.id(),
                        transport(),
                        departure.error(),
                        Duration.ofNanos(System.nanoTime() - since)));
        if (hub.watchesDisconnected()) {
            connection.errand(() -> seeOff(departure));
        } else {
            leave();
        }
    }

    private void seeOff(Departure departure) {
        try {
            HubBase<?> instance = instance();
            try {
                instance.onDisconnected(departure);
            } finally {
                hub.release(id(), instance);
            }
        } catch (Throwable failed) {
            DispatchLog.leavingFailed(connection.id(), hub.model().name(), failed);
            hub.observation().tell(seen -> seen.failed(hub.model().name(), connection.id(), failed));
        } finally {
            leave();
        }
    }

    private void leave() {
        ended();
        hub.fanOut().leave(Objects.requireNonNull(member));
    }

    @Override
    public void gone() {
        ended();
    }

    @Override
    public void failed(Throwable why) {
        if (why instanceof ProtocolException || why instanceof CancellationException) {
            DispatchLog.clientMisbehaved(connection.id(), hub.model().name(), why);
        } else {
            DispatchLog.connectionFailed(connection.id(), hub.model().name(), why);
        }
        hub.observation().tell(seen -> seen.failed(hub.model().name(), connection.id(), why));
    }

    @Override
    public void dropped(long bytes) {
        DispatchLog.dropped(connection.id(), hub.model().name(), bytes);
        hub.observation().tell(seen -> seen.dropped(hub.model().name(), connection.id(), bytes));
    }

    @Override
    public void discarded(String method, int count) {
        hub.observation().tell(seen -> seen.discarded(hub.model().name(), connection.id(), method, count));
    }

    private void ended() {
        over = true;
        CompletableFuture<Void> waited = aborted;
        if (waited != null && !waited.isDone()) {
            // What the application does then is not for the thread that brings the news.
            Thread.startVirtualThread(() -> waited.complete(null));
        }
    }

    // ---- what hub code asks

    @Override
    public String connectionId() {
        return connection.id().value();
    }

    ConnectionId id() {
        return connection.id();
    }

    @Override
    public Optional<Principal> user() {
        return connection.pipe().user();
    }

    @Override
    public Optional<String> userIdentifier() {
        return member != null ? member.user() : user().map(hub.userIds()::userId);
    }

    @Override
    public Map<Object, Object> items() {
        Map<Object, Object> known = items;
        if (known != null) {
            return known;
        }
        making.lock();
        try {
            known = items == null ? new ConcurrentHashMap<>(4) : items;
            items = known;
            return known;
        } finally {
            making.unlock();
        }
    }

    @Override
    public ConnectionRequest request() {
        return connection.pipe().request();
    }

    @Override
    public String transport() {
        return connection.pipe().transport().wireName();
    }

    @Override
    public void abort() {
        connection.abort();
    }

    @Override
    public CompletionStage<Void> aborted() {
        CompletableFuture<Void> known = aborted;
        if (known == null) {
            making.lock();
            try {
                known = aborted == null ? new CompletableFuture<>() : aborted;
                aborted = known;
            } finally {
                making.unlock();
            }
        }
        if (over) {
            known.complete(null);
        }
        return known.minimalCompletionStage();
    }
}
