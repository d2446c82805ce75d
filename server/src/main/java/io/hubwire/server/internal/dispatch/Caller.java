package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubCall;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.hub.HubCallerContext;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.connection.Mailbox;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.fanout.Member;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.RateLimit;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.ServerObserver;
import java.lang.reflect.Type;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client as its hub sees it: its identity, its calls, its coming and going.
 *
 * <p>Messages come from one reader at a time, lifetime events once each; what hub code asks is safe for any thread.
 */
final class Caller implements HubConnection.Listener, HubCallerContext, InvocationBinder {

    private static final FanOut.Asking ASKS_NOBODY = () -> {
        throw new IllegalStateException("Client results inside OnConnectedAsync Hub methods are not allowed.");
    };

    private final HubDispatcher hub;
    private final HubConnection connection;
    private final long since;
    private final @Nullable CallBudget budget;
    private @Nullable Member member;
    private volatile @Nullable Uploads uploads;
    private volatile @Nullable Aside aside;
    private volatile @Nullable Map<Object, Object> items;
    private volatile @Nullable CompletableFuture<Void> aborted;
    private volatile boolean over;

    /** Guards the making of what most connections never ask for. */
    private final ReentrantLock making = new ReentrantLock();

    Caller(HubDispatcher hub, HubConnection connection) {
        this.hub = hub;
        this.connection = connection;
        this.since = connection.time().nanoTime();
        RateLimit limit = hub.options().rateLimit();
        this.budget = limit.isLimited() ? new CallBudget(limit, connection.time()) : null;
    }

    HubConnection connection() {
        return connection;
    }

    /** Makes a hub instance for one call, which may ask clients for results. */
    HubBase<?> instance(FanOut.Asking asking) throws Exception {
        return hub.create(call(hub.typed(hub.fanOut().clients(member(), asking))));
    }

    private <T> HubCall<T> call(HubCallerClients<T> clients) {
        return new HubCall<>(this, clients, hub.fanOut());
    }

    private Member member() {
        return Objects.requireNonNull(member, "no handshake yet");
    }

    // ---- coming

    @Override
    public InvocationBinder binder() {
        return this;
    }

    @Override
    public Optional<Target> target(String name) {
        return hub.methods().target(name);
    }

    @Override
    public Optional<Type> itemType(String invocationId) {
        Uploads known = uploads;
        return known == null ? Optional.empty() : known.type(invocationId);
    }

    @Override
    public Optional<Type> resultType(String invocationId) {
        return member().resultType(invocationId);
    }

    @Override
    public boolean entering() {
        member = hub.fanOut()
                .join(connection.id(), userIdentifier(), transport(), connection.outbox(), connection::abort);
        if (!hub.watchesConnected()) {
            return true;
        }
        connection.errand(this::enter);
        return false;
    }

    private void enter() {
        try {
            HubBase<?> instance = instance(ASKS_NOBODY);
            try {
                hub.filters().connected(this, instance);
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
        if (budget != null && isCall(message) && !budget.take()) {
            refuse(message);
            return;
        }
        switch (message) {
            case HubMessage.Invocation invocation -> {
                HubMethod method = hub.methods().method(invocation.target());
                InvokeOnce call = new InvokeOnce(hub, this, method, invocation, bytes);
                if (method.streamCount() == 0) {
                    connection.mailbox().offer(call, method.returnsAtOnce());
                } else {
                    beginAside(call);
                }
            }
            case HubMessage.StreamInvocation stream -> {
                HubMethod method = hub.methods().method(stream.target());
                beginAside(new InvokeStream(hub, this, method, stream, bytes));
            }
            case HubMessage.BindingFailure failure -> refuse(failure);
            case HubMessage.StreamItem item ->
                expect(uploads != null && uploads().add(item), item);
            case HubMessage.StreamBindingFailure failure ->
                expect(uploads != null && uploads().fail(failure), failure);
            case HubMessage.Completion end -> expect(ends(end), end);
            case HubMessage.CompletionBindingFailure failure ->
                expect(member().answered(failure, connection.mailbox()::afterCalls), failure);
            case HubMessage.CancelInvocation cancel -> expect(cancel(cancel.invocationId()), cancel);
            case HubMessage.Ack ack -> expect(false, ack);
            case HubMessage.Sequence sequence -> expect(false, sequence);
            case HubMessage.Ping ping -> {}
            case HubMessage.Close close -> {}
            case HubMessage.Unknown unknown -> {}
        }
    }

    private static boolean isCall(HubMessage message) {
        return message instanceof HubMessage.Invocation
                || message instanceof HubMessage.StreamInvocation
                || message instanceof HubMessage.BindingFailure;
    }

    /** The client has called too often. */
    private void refuse(HubMessage call) {
        RateLimit limit = hub.options().rateLimit();
        HubException why = ErrorTexts.tooManyCalls(limit);
        limited("rateLimit");
        if (limit.isClosing()) {
            connection.sendAway(why);
            return;
        }
        switch (call) {
            case HubMessage.Invocation each -> refuse(each.invocationId(), each.target(), why);
            case HubMessage.StreamInvocation each -> refuse(each.invocationId(), each.target(), why);
            case HubMessage.BindingFailure each -> refuse(each.invocationId(), each.target(), why);
            default -> throw new IllegalStateException("no call: " + call);
        }
    }

    private void refuse(@Nullable String invocationId, String method, HubException why) {
        answer(invocationId, method, hub.texts().failedToInvoke(method, why), why);
    }

    private void expect(boolean expected, HubMessage message) {
        if (!expected) {
            DispatchLog.unexpected(connection.id(), message);
        }
    }

    private boolean ends(HubMessage.Completion end) {
        return (uploads != null && uploads().end(end)) || member().answered(end, connection.mailbox()::afterCalls);
    }

    private boolean cancel(String invocationId) {
        if (aside != null && aside().cancel(invocationId)) {
            return true;
        }
        Mailbox.Call call = connection.mailbox().find(each -> ((Invoke) each).isCalled(invocationId));
        return call instanceof Invoke running && running.cancelIfAllowed();
    }

    private void beginAside(Invoke call) {
        String refusal = whyNotAside(call);
        if (refusal != null) {
            call.refused(refusal);
            return;
        }
        // A wrong number of streams is refused in its turn, behind what comes before that.
        List<Upload> taken = call.method().streamCount() == call.streamIds().size()
                ? uploads().begin(call.streamIds(), call.method().streamTypes())
                : List.of();
        call.takes(taken);
        if (!aside().begin(call)) {
            uploads().end(taken);
        }
    }

    private @Nullable String whyNotAside(Invoke call) {
        String id = call instanceof InvokeStream ? call.invocationId() : null;
        if (id != null && aside().isInUse(id)) {
            return ErrorTexts.invocationIdInUse(id);
        }
        if (id != null && aside().streams() >= hub.options().maximumParallelStreams()) {
            limited("streams");
            return ErrorTexts.tooManyStreamingCalls(hub.options().maximumParallelStreams());
        }
        Optional<String> used = uploads().inUse(call.streamIds());
        int maximum = hub.options().maximumParallelUploads();
        // A call that brings no streams to a method that takes some is refused only when it runs.
        if (used.isEmpty() && (uploads().count() + call.streamIds().size() > maximum || aside().others() >= maximum)) {
            limited("uploads");
            return ErrorTexts.tooManyStreams(maximum);
        }
        return used.map(ErrorTexts::streamIdInUse).orElse(null);
    }

    private void limited(String limit) {
        hub.observation().tell(seen -> seen.limited(hub.model().name(), connection.id(), limit));
    }

    /** The client's streams; made when the first is needed. */
    Uploads uploads() {
        Uploads known = uploads;
        if (known == null) {
            known = made(() -> uploads == null ? new Uploads(hub, connection::roomAgain) : uploads, it -> uploads = it);
            if (over) {
                known.abandon();
            }
        }
        return known;
    }

    /** The calls beside the mailbox; made when the first is needed. */
    Aside aside() {
        Aside known = aside;
        if (known == null) {
            known = made(() -> aside == null ? new Aside() : aside, it -> aside = it);
            if (over) {
                known.cancelStreams();
            }
        }
        return known;
    }

    /** Makes what most connections never ask for, once. */
    private <T> T made(Supplier<T> maker, Consumer<T> keeper) {
        making.lock();
        try {
            T made = maker.get();
            keeper.accept(made);
            return made;
        } finally {
            making.unlock();
        }
    }

    @Override
    public boolean isFull() {
        Uploads known = uploads;
        return known != null && known.isFull();
    }

    @Override
    public CompletionStage<Void> windDown() {
        return aside().windDown();
    }

    private void refuse(HubMessage.BindingFailure failure) {
        String name = target(failure.target()).map(Target::name).orElse(failure.target());
        answer(failure.invocationId(), name, hub.texts().failedToInvoke(name, failure.cause()), failure.cause());
    }

    private void answer(@Nullable String invocationId, String method, String text, Throwable why) {
        DispatchLog.callRefused(connection.id(), hub.model().name(), method, text);
        hub.observation()
                .tell(seen -> seen.called(
                        hub.model().name(), connection.id(), declared(method), Optional.of(why), Duration.ZERO));
        if (invocationId != null) {
            connection.send(new HubMessage.Completion(invocationId, new HubMessage.Outcome.Failure(text)));
        }
    }

    /** The name of a method for those who watch: not whatever a client makes up. */
    private String declared(String method) {
        return target(method).map(Target::name).orElse(ServerObserver.UNKNOWN_METHOD);
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
                        new ServerObserver.End(connection.reason(), departure.error()),
                        Duration.ofNanos(connection.time().nanoTime() - since)));
        if (hub.watchesDisconnected()) {
            connection.errand(() -> seeOff(departure));
        } else {
            leave();
        }
    }

    private void seeOff(Departure departure) {
        try {
            HubBase<?> instance = instance(FanOut.Asking.FREELY);
            try {
                hub.filters().disconnected(this, instance, departure);
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
        Uploads sent = uploads;
        if (sent != null) {
            sent.abandon();
        }
        Aside running = aside;
        if (running != null) {
            running.cancelStreams();
        }
        Member known = member;
        if (known != null) {
            known.gone();
        }
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
        return made(() -> items == null ? new ConcurrentHashMap<>(4) : items, it -> items = it);
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
            known = made(() -> aborted == null ? new CompletableFuture<>() : aborted, it -> aborted = it);
        }
        if (over) {
            known.complete(null);
        }
        return known.minimalCompletionStage();
    }
}
