package io.hubwire.testkit;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.spi.Scheduler;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of a hub under test: what ASP.NET Core's clients can do, in the manner of a test, see {@link
 * TestServer#connect()}.
 *
 * <p>Whatever is waited for has a deadline in real time, {@link ClientOptions#patience}; an {@link AssertionError} then
 * says what had come instead. Safe for any thread.
 */
public final class TestClient implements AutoCloseable {

    /** No hub has it, so every hub answers at once what it has nothing to do for. */
    private static final String NO_METHOD = "no.such.method";

    private final ClientOptions options;
    private final String connectionId;
    private final Conversation conversation;
    private final Handlers handlers;
    private final Pulse pulse;

    private TestClient(HubAddress hub, ClientOptions options, Optional<Scheduler> clock) {
        this.options = options;
        var negotiated = hub.negotiate();
        String token = negotiated.connectionToken();
        connectionId = negotiated.connectionId();
        handlers = new Handlers(this::answer, this::failed);
        conversation = new Conversation(
                options.hubProtocol(), options.patience(), handlers::called, receiver -> switch (options.transport()) {
                    case WEB_SOCKETS -> WebSocketLink.open(hub, token, receiver);
                    case SERVER_SENT_EVENTS -> EventStreamLink.open(hub, token, receiver);
                    case LONG_POLLING -> LongPollingLink.open(hub, token, receiver);
                });
        pulse = new Pulse(clock, options.keepAliveInterval(), this::ping);
    }

    static TestClient connect(HubAddress hub, ClientOptions options, Optional<Scheduler> clock) {
        TestClient client = new TestClient(hub, options, clock);
        client.conversation.shakeHands().ifPresent(error -> {
            client.vanish();
            throw hub.refused(200, error);
        });
        client.pulse.begin();
        return client;
    }

    // calls

    /**
     * Calls a method of the hub and waits until it has ended.
     *
     * @throws HubException if the call fails, with the text that the server sent
     * @throws AssertionError if no answer comes in time, or the connection ends before
     */
    public void invoke(String method, @Nullable Object... arguments) {
        result(Object.class, method, arguments);
    }

    /**
     * Calls a method of the hub and waits for its result.
     *
     * @param type what the result becomes; an array for a list
     * @param arguments values for the payload mapper, nulls included, and {@link Upload}s
     * @throws HubException if the call fails, with the text that the server sent
     * @throws AssertionError if no answer comes in time, it is null or no {@code type}, or the connection ends before
     */
    public <T> T invoke(Class<T> type, String method, @Nullable Object... arguments) {
        return invokeOptional(type, method, arguments)
                .orElseThrow(() -> new AssertionError("'" + method + "' returned null (expected: " + type.getName()
                        + "; invokeOptional takes either)"));
    }

    /** {@link #invoke(Class, String, Object...)} of a method that may return null, which is empty here. */
    public <T> Optional<T> invokeOptional(Class<T> type, String method, @Nullable Object... arguments) {
        Class<T> boxed = ReceivedCall.boxed(type);
        return result(boxed, method, arguments).map(boxed::cast);
    }

    private Optional<Object> result(Class<?> type, String method, @Nullable Object... arguments) {
        Arguments sent = Arguments.of(arguments, conversation::nextId);
        PendingCall call = conversation.begin(method, type);
        conversation.send(new HubMessage.Invocation(call.id(), method, sent.values(), sent.streamIds(), Map.of()));
        sent.upload(conversation::send, () -> goesOn(call));
        Outcome outcome =
                conversation.await("the result of '" + method + "'", () -> Optional.ofNullable(call.outcome()));
        return switch (outcome) {
            case Outcome.Value value -> Optional.ofNullable(value.value());
            case Outcome.Nothing nothing -> Optional.empty();
            case Outcome.Failure failure -> throw new HubException(failure.message());
        };
    }

    private boolean goesOn(PendingCall call) {
        return conversation.read(() -> !call.isOver()) && !conversation.isOver();
    }

    /** Calls a method of the hub without asking for an answer: neither results nor errors come back. */
    public void send(String method, @Nullable Object... arguments) {
        Arguments sent = Arguments.of(arguments, conversation::nextId);
        conversation.send(new HubMessage.Invocation(null, method, sent.values(), sent.streamIds(), Map.of()));
        sent.upload(conversation::send, () -> !conversation.isOver());
    }

    /**
     * Calls a method of the hub that streams.
     *
     * @param type what each element becomes
     * @param arguments values for the payload mapper, nulls included, and {@link Upload}s
     */
    public <T> TestStream<T> stream(Class<T> type, String method, @Nullable Object... arguments) {
        Arguments sent = Arguments.of(arguments, conversation::nextId);
        PendingCall call = conversation.begin(method, ReceivedCall.boxed(type));
        conversation.send(
                new HubMessage.StreamInvocation(call.id(), method, sent.values(), sent.streamIds(), Map.of()));
        sent.upload(conversation::send, () -> goesOn(call));
        return new TestStream<>(conversation, call, type);
    }

    /**
     * An argument that the hub receives as a stream. Its elements are taken on a virtual thread of their own, so the
     * iterator may block; what it throws ends the stream with its message.
     */
    public static Upload upload(Iterable<?> items) {
        return new Upload(items.iterator());
    }

    /** {@link #upload(Iterable)} of what is left of an iterator. */
    public static Upload upload(Iterator<?> items) {
        return new Upload(items);
    }

    /** {@link #upload(Iterable)} of a stream of the JDK's kind. */
    public static Upload upload(Stream<?> items) {
        return new Upload(items.iterator());
    }

    // what the hub calls

    /**
     * Does something for each call of a method that comes from now on. The handlers of a client run one after the other,
     * on a virtual thread; what one throws fails whatever the client waits for next.
     */
    public void on(String method, Consumer<ReceivedCall> handler) {
        handlers.on(method, handler);
    }

    /**
     * Answers the calls of a method for whose result the hub waits, each on a virtual thread. An {@link HubException}
     * reaches the hub as an error; what else the function throws does too, and fails whatever the client waits for next.
     * Calls that nobody answers fail, as with other clients.
     */
    public void answers(String method, Function<ReceivedCall, ? extends @Nullable Object> function) {
        handlers.answers(method, function);
    }

    private void answer(String invocationId, Outcome outcome) {
        conversation.send(new HubMessage.Completion(invocationId, outcome));
    }

    private void failed(Throwable cause) {
        conversation.failed(cause);
    }

    /**
     * Takes the next call of a method: the first that came and was not taken, or the first that comes. Case does not
     * matter; calls of other methods stay.
     *
     * @throws AssertionError if none comes in time
     */
    public ReceivedCall next(String method) {
        return conversation.await("a call of '" + method + "'", () -> conversation.take(method));
    }

    /**
     * {@link #next(String)} with one argument.
     *
     * @throws AssertionError if no call comes in time, or it has not one argument, of that type and not null
     */
    public <T> T next(String method, Class<T> type) {
        ReceivedCall call = next(method);
        call.arguments(type);
        return call.argument(0, type);
    }

    /** All that the hub has called, taken or not, in order. {@link #catchUp} first for all there is. */
    public List<ReceivedCall> received() {
        return conversation.received();
    }

    /** The calls of one method among {@link #received()}. */
    public List<ReceivedCall> received(String method) {
        return received().stream()
                .filter(call -> call.method().equalsIgnoreCase(method))
                .toList();
    }

    /**
     * Waits until everything has come that the server has said to this client up to now: what is not in {@link
     * #received()} then was not sent. Calls that still run are not waited for: {@link #invoke} what is to be over by then.
     */
    public void catchUp() {
        try {
            invoke(NO_METHOD);
        } catch (HubException expected) {
            // is the answer, and stood behind all that was said before
        }
    }

    // the connection

    /** The public id of the connection, as {@code context().connectionId()} has it. */
    public String connectionId() {
        return connectionId;
    }

    /** How it has connected. */
    public ClientOptions options() {
        return options;
    }

    /** Pings, whatever the clock says. A server that has seen a ping expects more of them. */
    public void ping() {
        conversation.send(HubMessage.Ping.PING);
    }

    /** No longer pings by itself, as a client does that hangs. */
    public void stopPinging() {
        pulse.end();
    }

    /**
     * Waits until so many pings of the server have come since the client has connected.
     *
     * @throws AssertionError if there are not so many in time
     */
    public void awaitPings(int count) {
        conversation.await("ping " + count, () -> conversation.pings() < count ? Optional.empty() : Optional.of(true));
    }

    /** Whether the connection has not ended. */
    public boolean isConnected() {
        return !conversation.isOver();
    }

    /**
     * Waits for the end of the connection.
     *
     * @return how it ended
     * @throws AssertionError if it does not end in time
     */
    public Closed awaitClosed() {
        Closed closed = conversation.await("the end of the connection", conversation::closed);
        pulse.end();
        return closed;
    }

    /** Says goodbye, and waits for the end of the connection; does nothing if it has ended. */
    @Override
    public void close() {
        pulse.end();
        if (isConnected()) {
            conversation.send(new HubMessage.Close(null, false));
            conversation.link().close();
            awaitClosed();
        }
    }

    /** Begins to say goodbye. */
    void leave() {
        pulse.end();
        if (isConnected()) {
            conversation.link().close();
        }
    }

    /** Goes away without a word, as a client does whose network is gone. */
    public void vanish() {
        pulse.end();
        conversation.link().vanish();
    }

    /** Names the connection. */
    @Override
    public String toString() {
        return "TestClient[" + connectionId + ", " + options + "]";
    }

    /**
     * How a connection ended.
     *
     * @param announced whether the server said so
     * @param error what it gave as the reason
     * @param allowReconnect whether a client that reconnects by itself may do so
     */
    public record Closed(boolean announced, Optional<String> error, boolean allowReconnect) {}
}
