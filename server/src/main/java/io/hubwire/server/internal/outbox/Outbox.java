package io.hubwire.server.internal.outbox;

import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
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
 * Without a window, a message is forgotten when it is handed over; with one, that many numbered messages are kept for
 * {@link #replayAfter}. Messages without a number (pings, the goodbye) are never kept.
 *
 * <p>Safe for any thread: a lock that nobody holds for longer than it takes to link an entry or to copy one frame. It is
 * never held while {@link Listener} is called. An empty outbox holds one small entry and no bytes.
 */
public final class Outbox {

    private static final CompletionStage<Void> ROOM =
            CompletableFuture.<Void>completedFuture(null).minimalCompletionStage();

    private final ReentrantLock lock = new ReentrantLock();
    private final Dialect dialect;
    private final Limits limits;
    private final Listener listener;

    /** The entry before the oldest one kept: its own message is forgotten. */
    private Entry oldest = new Entry(null, 0);

    private Entry handed = oldest;
    private @Nullable Entry taken;
    private Entry newest = oldest;
    private long numbered;

    /** The newest number that was ever taken: what the client may have whatever the transport said. */
    private long newestTaken;

    private int keptCount;
    private long waitingBytes;
    private long takenBytes;
    private boolean closed;
    private @Nullable String instance;
    private @Nullable List<CompletableFuture<Void>> waitingForRoom;

    /** Creates an empty outbox for a client that speaks {@code dialect}. */
    public Outbox(Dialect dialect, Limits limits, Listener listener) {
        this.dialect = dialect;
        this.limits = limits;
        this.listener = listener;
    }

    /** What the client speaks. */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * Puts a message behind everything that waits. One that does not fit any more is lost, and with it the client: the
     * outbox closes and the listener hears {@link Listener#overflowed}. Does nothing when closed.
     */
    public void add(Item item) {
        int size = item.bytes.remaining();
        long lost = 0;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            // What is being written has a time limit of its own, however much it is.
            long queued = taken == null ? waitingBytes : waitingBytes - takenBytes;
            if (queued > 0 && queued + size > limits.hard) {
                lost = waitingBytes + size;
                shut();
            } else {
                append(item, size);
            }
        } finally {
            lock.unlock();
        }
        if (lost > 0) {
            listener.overflowed(lost);
        } else {
            listener.ready();
        }
    }

    private void append(Item item, int size) {
        newest.next = new Entry(item, item.numbered ? ++numbered : 0);
        newest = newest.next;
        waitingBytes += size;
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
                append(last, last.bytes.remaining());
            }
            shut();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            listener.ready();
        }
    }

    /** Closes, and forgets what waits and what is kept: nobody will take it any more. */
    public void clear() {
        lock.lock();
        try {
            shut();
            oldest = new Entry(null, newest.number);
            handed = oldest;
            newest = oldest;
            taken = null;
            waitingBytes = 0;
            keptCount = 0;
        } finally {
            lock.unlock();
        }
    }

    private void shut() {
        closed = true;
        releaseWaiters();
    }

    /** Lets those go on who wait for room: on threads of their own, since what they do next is the application's. */
    private void releaseWaiters() {
        List<CompletableFuture<Void>> waiters = waitingForRoom;
        waitingForRoom = null;
        if (waiters != null) {
            waiters.forEach(waiter -> Thread.startVirtualThread(() -> waiter.complete(null)));
        }
    }

    /**
     * Done at once while no more waits than the soft limit allows, else when half of that is reached or the outbox closes:
     * on a virtual thread then.
     */
    public CompletionStage<Void> room() {
        if (hasRoom()) {
            return ROOM;
        }
        lock.lock();
        try {
            if (closed || waitingBytes <= limits.soft) {
                return ROOM;
            }
            if (waitingForRoom == null) {
                waitingForRoom = new ArrayList<>(1);
            }
            var room = new CompletableFuture<Void>();
            waitingForRoom.add(room);
            return room.minimalCompletionStage();
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more waits than the soft limit allows: a glance without the lock, a message more or less is no matter. */
    public boolean hasRoom() {
        return waitingBytes <= limits.soft;
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
            Entry last = handed.next;
            if (last == null) {
                return null;
            }
            long bytes = last.size();
            int count = 1;
            for (Entry next = last.next;
                    next != null && count < dialect.messagesPerFrame() && bytes + next.size() <= limits.frame;
                    next = next.next) {
                bytes += next.size();
                count++;
                last = next;
            }
            taken = last;
            takenBytes = bytes;
            Drain drain = new Drain(handed, count, (int) bytes);
            newestTaken = Math.max(newestTaken, drain.position);
            return dialect.frame(drain);
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
            }
            return handed.next != null;
        } finally {
            lock.unlock();
        }
    }

    /** The client has what waited up to {@code last}, {@code bytes} together. */
    private void passed(Entry last, long bytes) {
        waitingBytes -= bytes;
        keepUpTo(last);
        if (waitingBytes <= limits.soft / 2) {
            releaseWaiters();
        }
    }

    /** Moves the handed position behind {@code last} and drops what is not kept. */
    private void keepUpTo(Entry last) {
        if (limits.window == 0) {
            handed = last;
            forgetUpTo(last);
            return;
        }
        Entry rest = last.next;
        Entry kept = handed;
        for (Entry entry = handed; entry != last; ) {
            entry = entry.next();
            if (entry.number > 0) {
                kept.next = entry;
                kept = entry;
                keptCount++;
            }
        }
        kept.next = rest;
        handed = kept;
        if (rest == null) {
            newest = kept;
        }
        for (; keptCount > limits.window && oldest != handed; keptCount--) {
            forgetUpTo(oldest.next);
        }
    }

    private void forgetUpTo(@Nullable Entry entry) {
        if (entry != null) {
            entry.item = null;
            oldest = entry;
        }
    }

    /** Forgets the kept messages up to this number: they have arrived. */
    public void arrived(long number) {
        lock.lock();
        try {
            while (oldest != handed && oldest.next != null && oldest.next.number <= number) {
                forgetUpTo(oldest.next);
                keptCount--;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins again behind a position that the client knows: everything after it that is kept waits once more, and what
     * arrived although the transport did not say so waits no longer. A position of another outbox, or one that is no
     * longer kept, means "from now": nothing is repeated.
     *
     * @return whether the position was known
     */
    public boolean replayAfter(String ofInstance, long number) {
        boolean known;
        lock.lock();
        try {
            known = ofInstance.equals(instance()) && taken == null && (rewindTo(number) || skipTo(number));
        } finally {
            lock.unlock();
        }
        if (known) {
            listener.ready();
        }
        return known;
    }

    private boolean rewindTo(long number) {
        for (Entry entry = oldest; entry != handed; entry = entry.next()) {
            if (entry.number == number) {
                rewind(entry);
                return true;
            }
        }
        return handed.number == number;
    }

    private boolean skipTo(long number) {
        long bytes = 0;
        for (Entry entry = handed.next; entry != null && number <= newestTaken; entry = entry.next) {
            bytes += entry.size();
            if (entry.number == number) {
                passed(entry, bytes);
                return true;
            }
        }
        return false;
    }

    private void rewind(Entry to) {
        for (Entry entry = to; entry != handed; entry = entry.next()) {
            waitingBytes += entry.next().size();
            keptCount--;
        }
        handed = to;
    }

    private String instance() {
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
            return keptCount;
        } finally {
            lock.unlock();
        }
    }

    /** One encoded message, possibly shared by many outboxes. */
    public static final class Item {

        private final ByteBuffer bytes;
        private final boolean numbered;

        private Item(ByteBuffer bytes, boolean numbered) {
            this.bytes = bytes;
            this.numbered = numbered;
        }

        /** A message that the client gets once, in order, and again after a loss where its protocol provides for that. */
        public static Item numbered(ByteBuffer bytes) {
            return new Item(bytes, true);
        }

        /** A message that matters now or never: ping, goodbye. */
        public static Item unnumbered(ByteBuffer bytes) {
            return new Item(bytes, false);
        }

        /** The message that {@code message} is in {@code dialect}; null when another node did not encode it for that. */
        public static @Nullable Item of(Message message, Dialect dialect) {
            return switch (message) {
                case Message.Call call -> numbered(dialect.encode(call));
                case Message.Encoded encoded ->
                    encoded.in(dialect.name()).map(Item::numbered).orElse(null);
                case Message.Abort abort -> null;
            };
        }
    }

    /**
     * What an outbox may hold.
     *
     * @param soft bytes beyond which {@link #room} makes senders wait
     * @param hard bytes behind the frame that is being written beyond which the client is given up; a single message
     *     always fits
     * @param frame bytes beyond which no second message joins a frame
     * @param window how many numbered messages are kept after they were handed over
     */
    public record Limits(long soft, long hard, int frame, int window) {

        /** What the options of an endpoint say, of a connection that is never replayed. */
        public static Limits of(TransportOptions options) {
            int soft = options.transportMaxBufferSize();
            return new Limits(soft, options.maximumOutboxSize(), soft, 0);
        }
    }

    /** What an outbox tells. Never called with its lock held. */
    public interface Listener {

        /** Something waits. */
        void ready();

        /** The hard limit is reached, the outbox has closed. {@code bytes} waited and are of no use any more. */
        void overflowed(long bytes);
    }

    private static final class Entry {

        private @Nullable Item item;
        private final long number;
        private @Nullable Entry next;

        Entry(@Nullable Item item, long number) {
            this.item = item;
            this.number = number;
        }

        int size() {
            return item == null ? 0 : item.bytes.remaining();
        }

        Entry next() {
            return Objects.requireNonNull(next);
        }
    }

    private final class Drain implements Dialect.Waiting {

        private final int count;
        private final int bytes;
        private final long position;
        private Entry entry;

        Drain(Entry before, int count, int bytes) {
            this.entry = before;
            this.count = count;
            this.bytes = bytes;
            long newestNumber = before.number;
            if (limits.window > 0) {
                Entry each = before;
                for (int i = 0; i < count; i++) {
                    each = each.next();
                    newestNumber = Math.max(newestNumber, each.number);
                }
            }
            position = newestNumber;
        }

        @Override
        public int size() {
            return count;
        }

        @Override
        public int bytes() {
            return bytes;
        }

        @Override
        public ByteBuffer next() {
            entry = entry.next();
            return Objects.requireNonNull(entry.item).bytes;
        }

        @Override
        public String instance() {
            return Outbox.this.instance();
        }

        @Override
        public long position() {
            return position;
        }
    }
}
