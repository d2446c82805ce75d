package io.hubwire.server.netty;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The last few messages that were compressed: one that goes to many clients is compressed once, whichever loops they
 * live on. Safe for any thread.
 *
 * <p>A message is found by the array that it lies in. Whoever sent it may have written something else there since, so
 * what it was is kept beside it and compared.
 */
final class DeflateOnce {

    /** What a message ends with that was compressed up to here, and what is not sent: RFC 7692, section 7.2.1. */
    static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int KEPT = 16;

    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(KEPT);
    private final AtomicLong deflated = new AtomicLong();

    /**
     * Compresses a message that lies in an array, or finds it compressed.
     *
     * @return null where that does not make it smaller
     */
    @Nullable ByteBuffer deflate(ByteBuffer message, Deflater deflater) {
        int from = message.arrayOffset() + message.position();
        int slot = (System.identityHashCode(message.array()) + from) & (KEPT - 1);
        Entry entry = entries.get(slot);
        if (entry == null || !entry.isOf(message)) {
            Entry fresh = new Entry(message);
            Entry seen = entries.compareAndExchange(slot, entry, fresh);
            entry = seen == entry || seen == null || !seen.isOf(message) ? fresh : seen;
        }
        return entry.deflated(deflater);
    }

    /** How many messages were compressed so far. */
    long count() {
        return deflated.get();
    }

    /** One message. */
    private final class Entry {

        private final WeakReference<byte[]> array;
        private final int from;
        private final byte[] plain;

        /** Held while it is compressed: whoever waits would otherwise do the same work. */
        private final ReentrantLock working = new ReentrantLock();

        private boolean done;
        private byte @Nullable [] result;

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

        @Nullable ByteBuffer deflated(Deflater deflater) {
            working.lock();
            try {
                if (!done) {
                    result = deflate(deflater);
                    done = true;
                }
                return result == null ? null : ByteBuffer.wrap(result);
            } finally {
                working.unlock();
            }
        }

        private byte @Nullable [] deflate(Deflater deflater) {
            deflated.incrementAndGet();
            byte[] out = new byte[plain.length];
            deflater.reset();
            deflater.setInput(plain);
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            return length < out.length ? Arrays.copyOf(out, length - TAIL.length) : null;
        }
    }
}
