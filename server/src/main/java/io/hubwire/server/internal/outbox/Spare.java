package io.hubwire.server.internal.outbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the messages that wait may be given up for others. Guarded by the lock of the outbox.
 *
 * <p>A message is here from when it is added until it is taken for the first time, so what a client may have got some of
 * is never given up. One that is leaves an empty place in the queue, until there are many or the next frame is taken.
 */
final class Spare {

    private static final int FEW = 64;

    /** For each method and key the message that a newer one replaces. */
    private final Map<Outbox.Key, Entry> latest = new HashMap<>();

    private final Deque<Entry> oldestFirst = new ArrayDeque<>();
    private int emptied;

    /** A message that may be given up waits from now on. */
    void add(Outbox.Expendable rank, Entry entry) {
        Outbox.Key key = rank.key();
        if (key == null) {
            oldestFirst.add(entry);
        } else {
            latest.put(key, entry);
        }
    }

    /** The message that this one replaces; null if none waits. */
    @Nullable Entry replaced(Outbox.Expendable newer) {
        return newer.key() == null ? null : latest.remove(newer.key());
    }

    /** The oldest message that may be given up for any other; null if none waits. */
    @Nullable Entry oldest() {
        return oldestFirst.poll();
    }

    /** A message is given up: its place is empty. */
    void empty(Entry entry) {
        entry.content = null;
        emptied++;
    }

    /** Tells whether the empty places are worth a walk through the queue. */
    boolean isFullOfHoles() {
        return emptied > FEW && emptied > latest.size() + oldestFirst.size();
    }

    boolean hasHoles() {
        return emptied > 0;
    }

    /** Takes the empty places behind {@code before} out; the last entry that is left. */
    Entry sweep(Entry before) {
        Entry last = before;
        for (Entry entry = before.next; entry != null; entry = entry.next) {
            if (entry.content != null) {
                last.next = entry;
                last = entry;
            }
        }
        last.next = null;
        emptied = 0;
        return last;
    }

    /** What lies behind {@code before} up to {@code last} is on its way and cannot be given up any more. */
    void taken(Entry before, Entry last) {
        for (Entry entry = before; entry != last; ) {
            entry = entry.next();
            Outbox.Expendable rank = entry.content == null ? null : entry.content.rank();
            if (rank != null && rank.key() != null) {
                latest.remove(rank.key(), entry);
            } else if (rank != null && entry.equals(oldestFirst.peek())) {
                oldestFirst.remove();
            }
        }
    }

    /** Tells what was given up, method by method. Not under the lock. */
    static void tell(List<Outbox.Expendable> discarded, Outbox.Listener listener) {
        Map<String, Integer> counts = new LinkedHashMap<>(2);
        discarded.forEach(each -> counts.merge(each.method(), 1, Integer::sum));
        counts.forEach(listener::discarded);
    }
}
