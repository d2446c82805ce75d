package io.hubwire.testkit;

import io.hubwire.protocol.FrameReader;
import io.hubwire.protocol.Framing;
import io.hubwire.protocol.Handshake;
import io.hubwire.protocol.HandshakeRequest;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.TransferFormat;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client and its server have said to each other, and where one waits for more of it.
 *
 * <p>Safe for any thread. What comes is taken under the lock, on the thread that brings it; nothing is sent under it,
 * since sending may make the host bring more.
 */
final class Conversation implements ClientLink.Receiver, InvocationBinder {

    private static final int REMEMBERED = 20;
    private static final int VERSION = 1;

    private final HubProtocol protocol;
    private final Duration patience;
    private final Consumer<ReceivedCall> called;
    private final ClientLink link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FrameReader frames = new FrameReader(Framing.RECORD_SEPARATOR, 0);
    private final Map<String, PendingCall> calls = new HashMap<>();
    private final List<ReceivedCall> received = new ArrayList<>();
    private final List<ReceivedCall> untaken = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private @Nullable HandshakeAnswer handshake;
    private HubMessage.@Nullable Close goodbye;
    private @Nullable Throwable failure;
    private boolean over;
    private long lastId;
    private int pings;

    /**
     * Begins.
     *
     * @param called hears of each call from the server, under the lock; must return at once
     */
    Conversation(
            HubProtocol protocol,
            Duration patience,
            Consumer<ReceivedCall> called,
            Function<ClientLink.Receiver, ClientLink> transport) {
        this.protocol = protocol;
        this.patience = patience;
        this.called = called;
        this.link = transport.apply(this);
    }

    /** Agrees on the protocol; returns why the server refuses, if it does. */
    Optional<String> shakeHands() {
        link.send(TransferFormat.TEXT, Handshake.write(new HandshakeRequest(protocol.name(), VERSION)));
        return await("the answer to the handshake", () -> Optional.ofNullable(handshake))
                .error();
    }

    void send(HubMessage message) {
        link.send(protocol.transferFormat(), protocol.write(message));
    }

    ClientLink link() {
        return link;
    }

    // what comes

    @Override
    public void received(ByteBuffer bytes) {
        lock.lock();
        try {
            frames.read(bytes, this::frame);
        } catch (ProtocolException broken) {
            failure = broken;
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    private boolean frame(ByteBuffer frame) {
        if (handshake == null) {
            handshake = new HandshakeAnswer(Handshake.parseResponse(frame));
            frames.framing(protocol.framing());
        } else {
            ByteBuffer copy = ByteBuffer.allocate(frame.remaining()).put(frame).flip();
            heard(protocol.read(copy.duplicate(), this), copy);
        }
        return true;
    }

    private void heard(HubMessage message, ByteBuffer frame) {
        switch (message) {
            case HubMessage.BindingFailure call -> called(call, frame);
            case HubMessage.StreamItem item -> known(item.invocationId(), call -> call.item(item.item()));
            case HubMessage.StreamBindingFailure item -> known(item.invocationId(), call -> call.misfit(item.cause()));
            case HubMessage.Completion end -> known(end.invocationId(), call -> call.end(end.outcome()));
            case HubMessage.CompletionBindingFailure end -> known(end.invocationId(), call -> call.misfit(end.cause()));
            case HubMessage.Ping ping -> pings++;
            case HubMessage.Close close -> goodbye = close;
            case HubMessage.Invocation none -> {}
            case HubMessage.StreamInvocation none -> {}
            case HubMessage.CancelInvocation none -> {}
            case HubMessage.Ack none -> {}
            case HubMessage.Sequence none -> {}
            case HubMessage.Unknown none -> {}
        }
        if (!(message instanceof HubMessage.BindingFailure)) {
            remember(message.toString());
        }
    }

    private void called(HubMessage.BindingFailure unbound, ByteBuffer frame) {
        ReceivedCall call =
                new ReceivedCall(protocol, frame, unbound.target(), Optional.ofNullable(unbound.invocationId()));
        received.add(call);
        untaken.add(call);
        remember(call.toString());
        called.accept(call);
    }

    private void known(String id, Consumer<PendingCall> then) {
        PendingCall call = calls.get(id);
        if (call != null) {
            then.accept(call);
        }
    }

    private void remember(String what) {
        story.add(what);
        if (story.size() > REMEMBERED) {
            story.removeFirst();
        }
    }

    @Override
    public void lost() {
        locked(() -> over = true);
    }

    /** Something that the test gave the client failed: whoever waits next hears of it. */
    void failed(Throwable cause) {
        locked(() -> failure = cause);
    }

    // how it is bound: calls when they are asked for, all else as it was asked for

    @Override
    public Optional<Target> target(String name) {
        return Optional.empty();
    }

    @Override
    public Optional<Type> itemType(String invocationId) {
        return Optional.ofNullable(calls.get(invocationId)).map(PendingCall::type);
    }

    @Override
    public Optional<Type> resultType(String invocationId) {
        return itemType(invocationId);
    }

    // what is asked

    /** Notes a call that is about to be made. */
    PendingCall begin(String method, Type type) {
        return read(() -> {
            PendingCall call = new PendingCall(Long.toString(++lastId), method, type);
            calls.put(call.id(), call);
            return call;
        });
    }

    String nextId() {
        return read(() -> Long.toString(++lastId));
    }

    /** Tells the server that nobody waits for the rest of a call. */
    void cancel(PendingCall call) {
        if (read(() -> !call.isOver() && !over)) {
            send(new HubMessage.CancelInvocation(call.id()));
        }
    }

    /** Takes the first call that is wanted and was not taken. */
    Optional<ReceivedCall> take(String method) {
        Optional<ReceivedCall> first = untaken.stream()
                .filter(call -> call.method().equalsIgnoreCase(method))
                .findFirst();
        first.ifPresent(untaken::remove);
        return first;
    }

    List<ReceivedCall> received() {
        return read(() -> List.copyOf(received));
    }

    int pings() {
        return pings;
    }

    boolean isOver() {
        return read(() -> over);
    }

    Optional<TestClient.Closed> closed() {
        if (!over) {
            return Optional.empty();
        }
        HubMessage.Close said = goodbye;
        return Optional.of(
                said == null
                        ? new TestClient.Closed(false, Optional.empty(), false)
                        : new TestClient.Closed(true, Optional.ofNullable(said.error()), said.allowReconnect()));
    }

    /**
     * Waits until something is there.
     *
     * @param what as the first words of a sentence, for the case that it does not come
     * @param look under the lock
     */
    <T> T await(String what, Supplier<Optional<T>> look) {
        lock.lock();
        try {
            long left = patience.toNanos();
            for (Optional<T> found = look.get(); ; found = look.get()) {
                if (found.isPresent()) {
                    return found.get();
                }
                checkThatItMayCome(what, left);
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(what + " was waited for by a thread that was interrupted", interrupted);
        } finally {
            lock.unlock();
        }
    }

    private void checkThatItMayCome(String what, long left) {
        if (failure != null) {
            throw new AssertionError(what + " did not come, since something failed: " + failure, failure);
        }
        if (over) {
            throw new AssertionError(what + " did not come before the connection ended; " + whatCame());
        }
        if (left <= 0) {
            throw new AssertionError(what + " did not come within " + patience + "; " + whatCame());
        }
    }

    private String whatCame() {
        return story.isEmpty() ? "nothing came" : "what came last: " + String.join(", ", story);
    }

    <T extends @Nullable Object> T read(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the server said to the handshake. */
    private record HandshakeAnswer(Optional<String> error) {}
}
