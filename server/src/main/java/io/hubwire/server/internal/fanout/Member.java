package io.hubwire.server.internal.fanout;

import io.hubwire.protocol.HubMessage;
import io.hubwire.server.hub.HubPresence;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.spi.ConnectionId;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One connection of this node that deliveries can reach, whatever protocol it speaks. */
public final class Member {

    private static final VarHandle QUESTIONS;

    static {
        try {
            QUESTIONS = MethodHandles.lookup().findVarHandle(Member.class, "questions", Questions.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final ConnectionId id;
    private final Optional<String> user;
    private final String transport;
    private final Outbox outbox;
    private final Runnable abort;
    private final long since = System.currentTimeMillis();

    /** The groups it is in; guarded by the membership lock of its {@link FanOut}. Most connections are in few. */
    private final List<String> groups = new ArrayList<>(0);

    /** Made through QUESTIONS when the first question is asked: most clients are never asked. */
    private volatile @Nullable Questions questions;

    private volatile boolean gone;

    Member(ConnectionId id, Optional<String> user, String transport, Outbox outbox, Runnable abort) {
        this.id = id;
        this.user = user;
        this.transport = transport;
        this.outbox = outbox;
        this.abort = abort;
    }

    /** The public id of the connection. */
    public ConnectionId id() {
        return id;
    }

    /** The user identifier. */
    public Optional<String> user() {
        return user;
    }

    /** What others may see of it. */
    HubPresence.Connected shown() {
        return new HubPresence.Connected(id.value(), user, transport, Instant.ofEpochMilli(since));
    }

    /** Closes the connection: the client is told not to come back. */
    void abort() {
        abort.run();
    }

    /** What an answer of this client is to become; empty if it was not asked. */
    public Optional<Type> resultType(String invocationId) {
        Questions asked = questions;
        return asked == null ? Optional.empty() : asked.type(invocationId);
    }

    /**
     * This client has answered.
     *
     * @param elsewhere where whoever waits goes on: not on the thread that reads
     * @return false if it was not asked
     */
    public boolean answered(HubMessage.Completion completion, Executor elsewhere) {
        Questions asked = questions;
        return asked != null && asked.answered(completion, elsewhere);
    }

    /**
     * This client has answered with something else than was asked for.
     *
     * @param elsewhere where whoever waits goes on: not on the thread that reads
     * @return false if it was not asked at all
     */
    public boolean answered(HubMessage.CompletionBindingFailure failure, Executor elsewhere) {
        Questions asked = questions;
        return asked != null && asked.answered(failure, elsewhere);
    }

    /** This client answers no more. Deliveries to it are lost already. */
    public void gone() {
        gone = true;
        Questions asked = questions;
        if (asked != null) {
            asked.gone(new IOException(ErrorTexts.connectionGone(id)));
        }
    }

    /** Asks this client; {@code message} is the question in its dialect, with this id. */
    CompletableFuture<@Nullable Object> ask(String invocationId, Type type, ByteBuffer message) {
        CompletableFuture<@Nullable Object> answer = questions().add(invocationId, type);
        if (gone) {
            gone();
        } else {
            // Not the outbox's own: another node may have encoded it, into whatever buffer.
            outbox.add(Outbox.Item.numbered(message));
        }
        return answer;
    }

    private Questions questions() {
        Questions known = questions;
        if (known == null) {
            QUESTIONS.compareAndSet(this, null, new Questions());
            known = questions;
        }
        return Objects.requireNonNull(known);
    }

    Outbox outbox() {
        return outbox;
    }

    List<String> groups() {
        return groups;
    }
}
