package io.hubwire.server.internal.outbox;

import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one client, in order: encoded messages, the part that is handed to the transport, and the part that the
 * client may still ask for again.
 *
 * <pre>
 *   forgotten | kept, may be replayed | taken, being written | waiting
 *             ^ oldest                ^ handed               ^ taken   ^ newest
 * </pre>
 *
 * <p>A message counts as handed over when the transport says it was written; what was taken and not written waits again.
 * What then becomes of it depends on the {@link Limits}: it is forgotten at once; or so many numbered messages are kept
 * for {@link #replayAfter}; or all are, until the client says that they have {@link #arrived}, for {@link #replay}.
 * Messages without a number (pings, the goodbye) are never kept. Numbers are given when messages are first taken, so one
 * that was given up while it waited leaves no gap.
 *
 * <p>Safe for any thread: a lock that nobody holds for longer than it takes to link an entry or to copy one frame. It is
 * never held while {@link Listener} is called. An empty outbox holds one small entry and no bytes.
 */
public final class Outbox extends Line {

    private static final CompletionStage<Void> ROOM =
            CompletableFuture.<Void>completedFuture(null).minimalCompletionStage();

    private final ReentrantLock lock = new ReentrantLock();
    private final Dialect dialect;
    private final Listener listener;

    private volatile boolean closed;
    private @Nullable String instance;
    private @Nullable Waiters waitingForRoom;

    /** Creates an empty outbox for a client that speaks {@code dialect}. */
    public Outbox(Dialect dialect, Limits limits, Listener listener) {
        super(limits);
        this.dialect = dialect;
        this.listener = listener;
    }

    /** What the client speaks. */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * Puts a message behind everything that waits, perhaps in place of others that are {@linkplain Expendable expendable}.
     * One that does not fit any more is lost, and with it the client: the outbox closes and the listener hears {@link
     * Listener#overflowed}. Does nothing when closed.
     */
    public void add(Item item) {
        add(item, item.bytes);
    }

    /**
     * The same of a message for this client alone, which is numbered. It has an array, which is the outbox's from now on
     * with all that is behind the message: others may join it there.
     */
    public void add(ByteBuffer message) {
        if (dialect.concatenates()) {
            add(null, message);
        } else {
            add(Item.numbered(message));
        }
    }

    private void add(@Nullable Item item, ByteBuffer message) {
        int size = message.remaining();
        long lost = 0;
        List<Expendable> discarded = null;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (spare != null) {
                discarded = makeRoom(spare, item == null ? null : item.rank, size);
            }
            if (!fits(size)) {
                lost = waitingBytes + size;
                shut();
            } else if (item == null) {
                appendOwn(message);
            } else {
                append(item);
            }
        } finally {
            lock.unlock();
        }
        if (discarded != null) {
            Spare.tell(discarded, listener);
        }
        if (lost > 0) {
            listener.overflowed(lost);
        } else {
            listener.ready();
        }
    }

    /**
     * Adds a last message, if there is one, and takes no more; what waits is still there to be taken. The last message
     * always fits. Does nothing when closed.
     */
    public void close(@Nullable Item last) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (last != null) {
                append(last);
            }
            shut();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            listener.ready();
        }
    }

    /** Closes, and says this in place of everything that waits and is not being written. */
    public void giveUp(Item last) {
        lock.lock();
        try {
            shut();
            forgetWaiting();
            append(last);
        } finally {
            lock.unlock();
        }
        listener.ready();
    }

    /** Closes, and forgets what waits and what is kept: nobody will take it any more. */
    public void clear() {
        lock.lock();
        try {
            shut();
            forgetAll();
        } finally {
            lock.unlock();
        }
    }

    private void shut() {
        closed = true;
        Waiters.release(waitingForRoom);
        waitingForRoom = null;
        if (kept != null) {
            kept.release();
        }
    }

    /**
     * Done at once while no more waits than the soft limit allows, else when half of that is reached or the outbox closes:
     * on a virtual thread then. For whoever may have to read on before anything is acknowledged.
     */
    public CompletionStage<Void> room() {
        if (hasRoom()) {
            return ROOM;
        }
        lock.lock();
        try {
            if (closed || waitingBytes <= limits.soft()) {
                return ROOM;
            }
            if (waitingForRoom == null) {
                waitingForRoom = new Waiters();
            }
            return waitingForRoom.add().minimalCompletionStage();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether {@link #room} is done at once: a glance without the lock, at which a message more or less is no matter. Once
     * closed there is nothing to wait for.
     */
    public boolean hasRoom() {
        return closed || waitingBytes <= limits.soft();
    }

    /**
     * For whoever sends of its own accord: as {@link #room}, but where the client says what has arrived, everything counts
     * that it has not said that of, against a limit of its own, and the listener may end the waiting.
     */
    public CompletionStage<Void> roomToSend() {
        if (kept == null || !kept.isAcknowledged()) {
            return room();
        }
        CompletableFuture<Void> room;
        lock.lock();
        try {
            if (closed || !kept.isCrowded(waitingBytes)) {
                return ROOM;
            }
            room = kept.awaitRoomToSend();
        } finally {
            lock.unlock();
        }
        listener.crowded(room);
        return room.minimalCompletionStage();
    }

    /**
     * For whoever has answered: as {@link #room}, and before that until no more than half of what costs the client its
     * connection is unacknowledged, or the listener has waited long enough. That is waited for once: from then on answers
     * go on at once until something is acknowledged.
     */
    public CompletionStage<Void> roomToAnswer() {
        CompletableFuture<Void> arrival;
        lock.lock();
        try {
            if (closed || kept == null || !kept.holdsAnswers(waitingBytes)) {
                return room();
            }
            arrival = kept.awaitRoomToAnswer();
        } finally {
            lock.unlock();
        }
        listener.crowded(arrival);
        return arrival.thenCompose(done -> {
            lookAfterAnswers();
            return room();
        });
    }

    /** Whoever goes on although too much is unacknowledged has waited in vain, and the others would. */
    private void lookAfterAnswers() {
        lock.lock();
        try {
            if (kept != null && kept.holdsAnswers(waitingBytes)) {
                kept.makeHaste();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #roomToAnswer} is done at once: a glance like {@link #hasRoom}. */
    public boolean hasRoomToAnswer() {
        return closed || (hasRoom() && (kept == null || !kept.holdsAnswers(waitingBytes)));
    }

    /** Nothing that the client says is read for now, and what it acknowledges neither: no answer waits for that. */
    public void unread() {
        if (kept == null) {
            return;
        }
        lock.lock();
        try {
            kept.makeHaste();
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #roomToSend} is done at once: a glance like {@link #hasRoom}. */
    public boolean hasRoomToSend() {
        return closed || (kept == null || !kept.isAcknowledged() ? hasRoom() : !kept.isCrowded(waitingBytes));
    }

    /** How many bytes wait, those being written included. */
    public long waitingBytes() {
        lock.lock();
        try {
            return waitingBytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes everything that waits as one frame, up to a bound. Not called again before {@link #handedOver}.
     *
     * @return null when nothing waits
     */
    public @Nullable ByteBuffer take() {
        lock.lock();
        try {
            Drain drain = take(dialect.messagesPerFrame(), this);
            return drain == null ? null : dialect.frame(drain);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was taken last is written; or it is not, and waits again.
     *
     * @return whether there is something to take
     */
    public boolean handedOver(boolean written) {
        lock.lock();
        try {
            Entry last = taken;
            taken = null;
            if (written && last != null) {
                passed(last, takenBytes);
                letReadersGoOn();
            }
            return handed.next != null;
        } finally {
            lock.unlock();
        }
    }

    private void letReadersGoOn() {
        if (waitingBytes <= limits.soft() / 2) {
            Waiters.release(waitingForRoom);
            waitingForRoom = null;
        }
    }

    /** Forgets the messages up to this number as soon as they are not being written: the client has them. */
    public void arrived(long number) {
        if (kept == null) {
            return;
        }
        lock.lock();
        try {
            arrived(number, kept);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The client has come back: everything that has not arrived waits once more, behind a message that says with which
     * number it begins. What matters only when it is said is not repeated. Does nothing when closed, or when nothing is
     * kept. Not to be called between {@link #take} and {@link #handedOver}.
     */
    public void replay(LongFunction<Item> beginning) {
        if (kept == null) {
            return;
        }
        lock.lock();
        try {
            if (closed) {
                return;
            }
            repeat(kept, beginning);
        } finally {
            lock.unlock();
        }
        listener.ready();
    }

    /**
     * Begins again behind a position that the client knows: everything after it that is kept waits once more, and what
     * arrived although the transport did not say so waits no longer. A position of another outbox, or one that is no
     * longer kept, means "from now": nothing is repeated.
     *
     * @return whether the position was known
     */
    public boolean replayAfter(String ofInstance, long number) {
        if (kept == null) {
            return false;
        }
        boolean known;
        lock.lock();
        try {
            known = ofInstance.equals(instance()) && taken == null && (rewindTo(kept, number) || skipTo(kept, number));
            letReadersGoOn();
        } finally {
            lock.unlock();
        }
        if (known) {
            listener.ready();
        }
        return known;
    }

    String instance() {
        String known = instance;
        if (known == null) {
            known = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            instance = known;
        }
        return known;
    }

    /** What may be replayed, oldest first: for tests and diagnostics. */
    int kept() {
        lock.lock();
        try {
            return kept == null ? 0 : kept.count();
        } finally {
            lock.unlock();
        }
    }

    /** One encoded message, possibly shared by many outboxes. */
    public static final class Item extends Content {

        private final ByteBuffer bytes;
        private final boolean numbered;
        private final @Nullable Expendable rank;

        private Item(ByteBuffer bytes, boolean numbered, @Nullable Expendable rank) {
            this.bytes = bytes;
            this.numbered = numbered;
            this.rank = rank;
        }

        /** A message that the client gets once, in order, and again after a loss where its protocol provides for that. */
        public static Item numbered(ByteBuffer bytes) {
            return new Item(bytes, true, null);
        }

        /** A message that matters now or never: ping, goodbye. */
        public static Item unnumbered(ByteBuffer bytes) {
            return new Item(bytes, false, null);
        }

        /** The message that {@code message} is in {@code dialect}; null when another node did not encode it for that. */
        public static @Nullable Item of(Message message, Dialect dialect) {
            return of(message, dialect, null);
        }

        /** The same, of a message that may be given up if {@code rank} is not null. */
        public static @Nullable Item of(Message message, Dialect dialect, @Nullable Expendable rank) {
            return switch (message) {
                case Message.Call call -> new Item(dialect.encode(call), true, rank);
                case Message.Encoded encoded ->
                    encoded.in(dialect.name())
                            .map(bytes -> new Item(bytes, true, rank))
                            .orElse(null);
                case Message.Abort abort -> null;
            };
        }

        @Override
        ByteBuffer bytes() {
            return bytes.duplicate();
        }

        @Override
        int size() {
            return bytes.remaining();
        }

        @Override
        boolean isNumbered() {
            return numbered;
        }

        @Override
        @Nullable Expendable rank() {
            return rank;
        }
    }

    /** Why a message that waits for a client that is slow may be given up. */
    public static final class Expendable {

        private final String method;
        private final @Nullable Key key;

        private Expendable(String method, @Nullable Key key) {
            this.method = method;
            this.key = key;
        }

        /** A call of {@code method} that makes room if there is none left. */
        public static Expendable oldest(String method) {
            return new Expendable(method, null);
        }

        /** A call of {@code method} that is of no use as soon as there is a newer one with the same key. */
        public static Expendable latest(String method, @Nullable Object key) {
            return new Expendable(method, new Key(method.toLowerCase(Locale.ROOT), key));
        }

        String method() {
            return method;
        }

        @Nullable Key key() {
            return key;
        }
    }

    /** What calls have in common of which the newest counts. */
    record Key(String method, @Nullable Object value) {}

    /**
     * What an outbox may hold.
     *
     * @param soft bytes beyond which {@link #room} makes senders wait
     * @param hard bytes behind the frame that is being written, unacknowledged ones included, beyond which the client is
     *     given up; a single message always fits
     * @param frame bytes beyond which no second message joins a frame
     * @param window how many numbered messages are kept after they were handed over
     * @param unacknowledged bytes that wait or are kept beyond which {@link #roomToSend} makes senders wait, where the client
     *     says what has arrived; 0 where it does not
     */
    public record Limits(long soft, long hard, int frame, int window, long unacknowledged) {

        /** Limits where the client does not say what has arrived. */
        public Limits(long soft, long hard, int frame, int window) {
            this(soft, hard, frame, window, 0);
        }

        /** What the options of an endpoint say, of a connection that is never replayed. */
        public static Limits of(TransportOptions options) {
            int soft = options.transportMaxBufferSize();
            return new Limits(soft, options.maximumOutboxSize(), soft, 0);
        }

        /** The same of a connection whose client says what has arrived. */
        public Limits acknowledged(long bytes) {
            return new Limits(soft, Math.max(hard, bytes), frame, Integer.MAX_VALUE, bytes);
        }
    }

    /** What an outbox tells. Never called with its lock held. */
    public interface Listener {

        /** Something waits. */
        void ready();

        /** The hard limit is reached, the outbox has closed. {@code bytes} waited and are of no use any more. */
        void overflowed(long bytes);

        /** So many calls of this method were given up for newer messages. */
        default void discarded(String method, int count) {}

        /** A sender waits for the client to say what has arrived; whoever completes {@code room} lets it go on. */
        default void crowded(CompletableFuture<Void> room) {}
    }
}
