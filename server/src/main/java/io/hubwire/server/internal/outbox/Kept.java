package io.hubwire.server.internal.outbox;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What an outbox knows of the messages that its client may ask for again: their numbers, how many they are and how far
 * they have arrived. Guarded by the lock of the outbox.
 */
final class Kept {

    private final int window;
    private final long unacknowledged;

    /** Half of what may be unacknowledged before the client is given up. */
    private final long much;

    /** The newest number that was given: to the newest message that was ever taken. */
    private long numbered;

    private long arrived;
    private int count;
    private long bytes;
    private @Nullable Waiters senders;
    private @Nullable Waiters answering;

    /** Whether those who have answered go on, since acknowledgements do not come or are not read; until one does. */
    private boolean hasty;

    Kept(Outbox.Limits limits) {
        this.window = limits.window();
        this.unacknowledged = limits.unacknowledged();
        this.much = limits.hard() / 2;
    }

    long numbered() {
        return numbered;
    }

    long arrived() {
        return arrived;
    }

    int count() {
        return count;
    }

    /** Tells whether the client says what has arrived, so that nothing is forgotten before. */
    boolean isAcknowledged() {
        return unacknowledged > 0;
    }

    /** What counts against the limits of the outbox beside that which waits. */
    long charged() {
        return isAcknowledged() ? bytes : 0;
    }

    /** Numbers everything behind {@code before} up to {@code last} that has no number yet; the newest number of them. */
    long number(Entry before, Entry last) {
        long newest = before.number;
        for (Entry entry = before; entry != last; ) {
            entry = entry.next();
            if (entry.number == 0 && entry.isNumbered()) {
                numbered += entry.count();
                entry.number = numbered;
            }
            newest = Math.max(newest, entry.number);
        }
        return newest;
    }

    /** Tells whether a message that is written now may be asked for again. */
    boolean isWanted(Entry entry) {
        return entry.number > arrived;
    }

    /** Tells whether a message is to be said once more to a client that has come back. */
    boolean isDue(Entry entry) {
        return entry.isNumbered() && (entry.number == 0 || isWanted(entry));
    }

    void keep(Entry entry) {
        entry.dropUpTo(arrived);
        count += entry.count();
        bytes += entry.size();
    }

    /** Lets go of what has arrived of a run that is kept. */
    void trim(Entry entry) {
        release(entry);
        keep(entry);
    }

    void release(Entry entry) {
        count -= entry.count();
        bytes -= entry.size();
    }

    boolean isTooMany() {
        return count > window;
    }

    /** Everything up to this number has arrived; what lies in the future is no number. */
    void arrived(long number) {
        long known = Math.min(number, numbered);
        if (known > arrived) {
            arrived = known;
            hasty = false;
        }
    }

    boolean hasArrived(Entry entry) {
        return entry.number <= arrived;
    }

    /** Tells whether so much waits and is kept that senders have to wait. */
    boolean isCrowded(long waitingBytes) {
        return waitingBytes + bytes > unacknowledged;
    }

    /** Tells whether so much waits and is kept that whoever has answered has to wait, too. */
    boolean holdsAnswers(long waitingBytes) {
        return isAcknowledged() && !hasty && isCrowded(waitingBytes) && waitingBytes + bytes > much;
    }

    CompletableFuture<Void> awaitRoomToSend() {
        senders = senders == null ? new Waiters() : senders;
        return senders.add();
    }

    CompletableFuture<Void> awaitRoomToAnswer() {
        answering = answering == null ? new Waiters() : answering;
        return answering.add();
    }

    /** Lets those go on who have no reason to wait any more. */
    void letGoOn(long waitingBytes) {
        if (!isCrowded(waitingBytes)) {
            letSendersGoOn();
        }
        if (!holdsAnswers(waitingBytes)) {
            letAnswersGoOn();
        }
    }

    /** Nothing will be acknowledged for now: nobody who has answered waits for that. */
    void makeHaste() {
        hasty = true;
        letAnswersGoOn();
    }

    /** Lets everybody go on. */
    void release() {
        letSendersGoOn();
        letAnswersGoOn();
    }

    private void letSendersGoOn() {
        Waiters.release(senders);
        senders = null;
    }

    private void letAnswersGoOn() {
        Waiters.release(answering);
        answering = null;
    }
}
