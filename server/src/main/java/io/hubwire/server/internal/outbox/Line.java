package io.hubwire.server.internal.outbox;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an outbox in their order: how far they have come, what may be replayed, what may be given up.
 *
 * <p>Guarded by the lock of the outbox, of which it is a part: as an object of its own it would be one more to fetch for
 * each delivery.
 */
abstract sealed class Line permits Outbox {

    final Outbox.Limits limits;

    /** What is known of those that are kept; null when nothing is. */
    final @Nullable Kept kept;

    /** The entry before the oldest one kept: its own message is forgotten. */
    Entry oldest = new Entry(null);

    Entry handed = oldest;

    @Nullable Entry taken;

    Entry newest = oldest;
    long waitingBytes;
    long takenBytes;

    /** What may be given up; null while nothing ever could. */
    @Nullable Spare spare;

    /** How long runs usually become here. */
    private int usualRun;

    Line(Outbox.Limits limits) {
        this.limits = limits;
        this.kept = limits.window() > 0 ? new Kept(limits) : null;
    }

    boolean fits(int size) {
        // What is being written has a time limit of its own, however much it is.
        long queued = taken == null ? waitingBytes : waitingBytes - takenBytes;
        long charged = kept == null ? 0 : kept.charged();
        return queued + charged + size <= limits.hard() || (queued == 0 && charged <= limits.hard());
    }

    void append(Outbox.Item item) {
        append(new Entry(item));
        waitingBytes += item.size();
        if (item.rank() != null) {
            if (spare == null) {
                spare = new Spare();
            }
            spare.add(item.rank(), newest);
        }
    }

    void appendOwn(ByteBuffer message) {
        int size = message.remaining();
        if (newest.content instanceof Run run && run.takes(size, limits.frame())) {
            run.add(message, limits.frame(), usualRun, kept != null);
        } else {
            append(new Entry(new Run(message)));
        }
        waitingBytes += size;
    }

    private void append(Entry last) {
        if (newest.content instanceof Run run) {
            run.seal(true); // nothing will join it any more
        }
        newest.next = last;
        newest = last;
    }

    /** Gives up what this message replaces, and as much as it needs for itself; what that was, null for nothing. */
    @Nullable List<Outbox.Expendable> makeRoom(Spare some, Outbox.@Nullable Expendable rank, int size) {
        List<Outbox.Expendable> discarded = null;
        Entry given = rank == null ? null : some.replaced(rank);
        while (given != null || !fits(size)) {
            given = given == null ? some.oldest() : given;
            if (given == null) {
                break;
            }
            discarded = discarded == null ? new ArrayList<>(1) : discarded;
            discarded.add(Objects.requireNonNull(given.content().rank()));
            waitingBytes -= given.size();
            some.empty(given);
            given = null;
        }
        if (some.isFullOfHoles()) {
            newest = some.sweep(taken == null ? handed : taken);
        }
        return discarded;
    }

    /** Takes what waits, up to a bound; null when nothing does. */
    @Nullable Drain take(int messages, Outbox outbox) {
        if (spare != null && spare.hasHoles()) {
            newest = spare.sweep(handed);
        }
        Entry last = handed.next;
        if (last == null) {
            return null;
        }
        long bytes = last.size();
        int count = 1;
        for (Entry next = last.next;
                next != null && count < messages && bytes + next.size() <= limits.frame();
                next = next.next) {
            bytes += next.size();
            count++;
            last = next;
        }
        for (Entry entry = handed; entry != last; ) {
            entry = entry.next();
            if (entry.content instanceof Run run) {
                run.seal(kept != null);
                usualRun = Math.max(run.size(), (usualRun + run.size()) / 2);
            }
        }
        taken = last;
        takenBytes = bytes;
        if (spare != null) {
            spare.taken(handed, last);
        }
        long position = kept == null ? 0 : kept.number(handed, last);
        return new Drain(handed, count, (int) bytes, position, outbox);
    }

    /** Forgets what waits and is not being written. */
    void forgetWaiting() {
        newest = taken == null ? handed : taken;
        newest.next = null;
        waitingBytes = taken == null ? 0 : takenBytes;
        spare = null;
    }

    /** Forgets everything. */
    void forgetAll() {
        oldest = new Entry(null);
        handed = oldest;
        newest = oldest;
        taken = null;
        waitingBytes = 0;
        spare = null;
    }

    /** The client has what waited up to {@code last}, {@code bytes} together. */
    void passed(Entry last, long bytes) {
        waitingBytes -= bytes;
        if (kept == null) {
            handed = last;
            forgetUpTo(last);
        } else {
            keepUpTo(last, kept);
        }
    }

    /** Moves the handed position behind {@code last} and drops what is not kept. */
    private void keepUpTo(Entry last, Kept some) {
        Entry rest = last.next;
        Entry end = handed;
        for (Entry entry = handed; entry != last; ) {
            entry = entry.next();
            if (some.isWanted(entry)) {
                end.next = entry;
                end = entry;
                some.keep(entry);
            }
        }
        end.next = rest;
        handed = end;
        if (rest == null) {
            newest = end;
        }
        while (some.isTooMany() && oldest != handed) {
            dropOldest(some);
        }
        some.letGoOn(waitingBytes);
    }

    private void dropOldest(Kept some) {
        some.release(oldest.next());
        forgetUpTo(oldest.next());
    }

    private void forgetUpTo(Entry entry) {
        // An entry that has grown old with its client would keep all that came after it from being collected.
        oldest.next = null;
        entry.content = null;
        oldest = entry;
    }

    /** The messages up to this number have arrived, and are forgotten as soon as they are not being written. */
    void arrived(long number, Kept some) {
        some.arrived(number);
        while (oldest != handed && some.hasArrived(oldest.next())) {
            dropOldest(some);
        }
        if (oldest != handed) {
            some.trim(oldest.next());
        }
        some.letGoOn(waitingBytes);
    }

    void repeat(Kept some, LongFunction<Outbox.Item> beginning) {
        for (Entry entry = oldest; entry != handed; ) {
            entry = entry.next();
            some.release(entry);
        }
        Entry last = oldest;
        long bytes = 0;
        for (Entry entry = oldest.next; entry != null; entry = entry.next) {
            if (some.isDue(entry)) {
                entry.dropUpTo(some.arrived());
                last.next = entry;
                last = entry;
                bytes += entry.size();
            }
        }
        last.next = null;
        Entry due = oldest.next;
        Entry first =
                new Entry(beginning.apply(due == null || due.number == 0 ? some.numbered() + 1 : due.firstNumber()));
        first.next = due;
        oldest.next = first;
        newest = due == null ? first : last;
        handed = oldest;
        taken = null;
        waitingBytes = bytes + first.size();
    }

    boolean rewindTo(Kept some, long number) {
        for (Entry entry = oldest; entry != handed; entry = entry.next()) {
            if (entry.number == number) {
                rewind(some, entry);
                return true;
            }
        }
        return handed.number == number;
    }

    boolean skipTo(Kept some, long number) {
        long bytes = 0;
        for (Entry entry = handed.next; entry != null && number > 0 && number <= some.numbered(); entry = entry.next) {
            bytes += entry.size();
            if (entry.number == number) {
                passed(entry, bytes);
                return true;
            }
        }
        return false;
    }

    private void rewind(Kept some, Entry to) {
        for (Entry entry = to; entry != handed; ) {
            entry = entry.next();
            waitingBytes += entry.size();
            some.release(entry);
        }
        handed = to;
    }
}
