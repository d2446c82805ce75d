package io.hubwire.server.internal.outbox;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Messages for one client alone, one behind the other as they will stand in the frame.
 *
 * <p>It takes more until it is sealed. Guarded by the lock of the outbox but for one thing: a transport reads the bytes of
 * one that is taken without it, so what is sealed never changes in its array, and moves to another if it must. The first
 * message stays in the array it came in until a second joins it or the array is much too long to be kept.
 */
final class Run extends Content {

    private static final int[] ONE_MESSAGE = {};
    private static final int FEW = 8;

    /** How many times as much as it holds a run may have room for, if the one before was as long. */
    private static final int BOLDNESS = 16;

    private byte[] bytes;
    private int from;
    private int to;
    private int count = 1;
    private boolean sealed;

    /** How long each message is, if the client says which of them have arrived and there are several. */
    private int[] sizes = ONE_MESSAGE;

    /** Begins with a message whose array is the outbox's from now on. */
    Run(ByteBuffer first) {
        bytes = first.array();
        from = first.arrayOffset() + first.position();
        to = first.arrayOffset() + first.limit();
    }

    /** Tells whether there is still a place for so many bytes, where no frame is longer than {@code most}. */
    boolean takes(int size, int most) {
        return !sealed && size <= most - size();
    }

    /**
     * Adds a message behind the others.
     *
     * @param usual how long runs become here
     * @param apart whether a part of them may be dropped
     */
    void add(ByteBuffer message, int most, int usual, boolean apart) {
        int size = message.remaining();
        if (size > bytes.length - to) {
            grow(size() + size, most, usual);
        }
        if (apart) {
            note(size);
        }
        message.get(message.position(), bytes, to, size);
        to += size;
        count++;
    }

    private void grow(int needed, int most, int usual) {
        long bold = Math.max(2L * needed, Math.min(usual, (long) BOLDNESS * needed));
        moveTo(new byte[(int) Math.max(needed, Math.min(bold, most))]);
    }

    private void moveTo(byte[] other) {
        System.arraycopy(bytes, from, other, 0, size());
        to = size();
        from = 0;
        bytes = other;
    }

    private void note(int size) {
        if (count == 1) {
            sizes = new int[FEW];
            sizes[0] = size();
        } else if (count == sizes.length) {
            sizes = Arrays.copyOf(sizes, 2 * count);
        }
        sizes[count] = size;
    }

    /**
     * Takes nothing more.
     *
     * @param stays whether it may stay for longer than it takes to write it
     */
    void seal(boolean stays) {
        if (!sealed && stays) {
            trim();
            sizes = count > 1 && count < sizes.length ? Arrays.copyOf(sizes, count) : sizes;
        }
        sealed = true;
    }

    /** Lets go of its first messages, which are not all it has. */
    void drop(int messages) {
        for (int i = 0; i < messages; i++) {
            from += sizes[i];
        }
        sizes = Arrays.copyOfRange(sizes, messages, count);
        count -= messages;
        trim();
    }

    /** Holds at most twice the room that it needs. */
    private void trim() {
        if (bytes.length / 2 > size()) {
            moveTo(new byte[size()]);
        }
    }

    @Override
    int count() {
        return count;
    }

    @Override
    int size() {
        return to - from;
    }

    @Override
    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes, from, size());
    }

    @Override
    boolean isNumbered() {
        return true;
    }
}
