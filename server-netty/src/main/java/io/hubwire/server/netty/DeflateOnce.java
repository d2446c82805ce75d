package io.hubwire.server.netty;

import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The last few messages that were compressed: one that goes to many clients is compressed once, whichever loops they
 * live on. Safe for any thread, and none waits for another: loops that come to the same message at the same moment
 * compress it once each.
 *
 * <p>A message is found by the array that it lies in. Whoever sent it may have written something else there since, so
 * what it was is kept beside it and compared; as long as the array is reachable, and not longer.
 */
final class DeflateOnce {

    /** What a message ends with that was compressed up to here, and what is not sent: RFC 7692, section 7.2.1. */
    static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int KEPT = 16;
    private static final int SMALLEST_OUT = 64;
    private static final byte[] NOT_SMALLER = {};
    private static final Cleaner CLEANER = Cleaner.create();

    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(KEPT);
    private final AtomicLong deflated = new AtomicLong();

    /**
     * Compresses a message that lies in an array, or finds it compressed.
     *
     * @return null where that does not make it smaller
     */
    @Nullable ByteBuffer deflate(ByteBuffer message, Deflater deflater) {
        byte[] array = message.array();
        int from = message.arrayOffset() + message.position();
        int slot = (System.identityHashCode(array) + from) & (KEPT - 1);
        Entry entry = entries.get(slot);
        if (entry == null || !entry.isOf(message)) {
            entry = keep(slot, entry, message, array);
        }
        return entry.deflated(deflater);
    }

    private Entry keep(int slot, @Nullable Entry before, ByteBuffer message, byte[] array) {
        Entry fresh = new Entry(message);
        Entry seen = entries.compareAndExchange(slot, before, fresh);
        if (seen == before) {
            // nothing that is referred to here may refer to the array, for it would never be gone then
            CLEANER.register(array, () -> clean(slot));
            return fresh;
        }
        return seen == null || !seen.isOf(message) ? fresh : seen;
    }

    private void clean(int slot) {
        Entry entry = entries.get(slot);
        if (entry != null && entry.isGone()) {
            entries.compareAndSet(slot, entry, null);
        }
    }

    /** How many messages were compressed so far. */
    long count() {
        return deflated.get();
    }

    /** Of how many messages something is kept. */
    int kept() {
        int kept = 0;
        for (int slot = 0; slot < KEPT; slot++) {
            kept += entries.get(slot) == null ? 0 : 1;
        }
        return kept;
    }

    /** One message. */
    private final class Entry {

        private final WeakReference<byte[]> array;
        private final int from;
        private final byte[] plain;

        /** What became of it, empty if it did not get smaller; null until somebody knows. */
        private volatile byte @Nullable [] result;

        Entry(ByteBuffer message) {
            array = new WeakReference<>(message.array());
            from = message.arrayOffset() + message.position();
            plain = Arrays.copyOfRange(message.array(), from, from + message.remaining());
        }

        boolean isOf(ByteBuffer message) {
            int start = message.arrayOffset() + message.position();
            return array.refersTo(message.array())
                    && from == start
                    && Arrays.equals(plain, 0, plain.length, message.array(), start, start + message.remaining());
        }

        boolean isGone() {
            return array.refersTo(null);
        }

        @Nullable ByteBuffer deflated(Deflater deflater) {
            byte[] known = result;
            if (known == null) {
                known = deflate(deflater);
                result = known;
            }
            return known.length == 0 ? null : ByteBuffer.wrap(known);
        }

        private byte[] deflate(Deflater deflater) {
            deflated.incrementAndGet();
            deflater.reset();
            deflater.setInput(plain);
            byte[] out = new byte[Math.min(plain.length, SMALLEST_OUT + plain.length / 4)];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            while (length == out.length && length < plain.length) {
                out = Arrays.copyOf(out, Math.min(plain.length, 2 * length));
                length += deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
            }
            return length < out.length ? Arrays.copyOf(out, length - TAIL.length) : NOT_SMALLER;
        }
    }
}
