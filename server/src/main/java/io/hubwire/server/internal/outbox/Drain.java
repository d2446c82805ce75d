package io.hubwire.server.internal.outbox;

import java.nio.ByteBuffer;

/** The messages of one frame as its dialect sees them; under the lock of their outbox. */
final class Drain implements Dialect.Waiting {

    private final int count;
    private final int bytes;
    private final long position;
    private final Outbox outbox;
    private Entry entry;

    Drain(Entry before, int count, int bytes, long position, Outbox outbox) {
        this.entry = before;
        this.count = count;
        this.bytes = bytes;
        this.position = position;
        this.outbox = outbox;
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
        return entry.content().bytes();
    }

    @Override
    public String instance() {
        return outbox.instance();
    }

    @Override
    public long position() {
        return position;
    }
}
