package io.hubwire.server.netty;

import io.hubwire.server.spi.Sent;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The short frames that the sockets of one loop send at the end of its turn, one system call after the other.
 *
 * <p>A turn that serves many sockets prepares all their frames, then sends them, then tells of it: each of the three steps
 * finds its code and its data in the processor's caches, which a system call in between would drive out. The same message
 * for many sockets in a row, a broadcast, is framed once.
 *
 * <p>Confined to its loop. What {@link Sent} leads to may add, and may {@link #flush}.
 */
final class Sends {

    /** Longer messages go through the engine's queue. */
    static final int LONGEST_MESSAGE = 4096;

    private static final int MOST = 1024;
    private static final int SIZE = 64 * 1024;
    private static final int LONGEST_HEAD = 4;

    private final EventLoop loop;
    private final ByteBuffer frames = ByteBuffer.allocateDirect(SIZE);
    private final Send[] sends = new Send[MOST];
    private int count;
    private int sent;
    private boolean telling;
    private boolean scheduled;

    Sends(EventLoop loop) {
        this.loop = loop;
        for (int i = 0; i < MOST; i++) {
            sends[i] = new Send();
        }
    }

    /**
     * Has a message sent at the end of this turn, from an array that nobody changes before.
     *
     * @param head the first byte of its frame
     * @return false when there is no room in this turn
     */
    boolean add(WebSocketHandler peer, Socket socket, int head, ByteBuffer message, Sent told) {
        if (count == MOST || frames.remaining() < LONGEST_HEAD + message.remaining()) {
            if (telling) {
                return false;
            }
            finish();
        }
        Send send = sends[count];
        if (count == 0 || !sends[count - 1].isOf(head, message)) {
            send.frame(frames, head, message);
        } else {
            send.sameAs(sends[count - 1]);
        }
        send.peer = peer;
        send.socket = socket;
        send.told = told;
        count++;
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::endTurn);
        }
        return true;
    }

    private void endTurn() {
        scheduled = false;
        finish();
    }

    /** Sends what was added; who added it is told at the end of the turn. */
    void flush() {
        while (sent < count) {
            sends[sent++].go(frames);
        }
    }

    private void finish() {
        telling = true;
        for (int i = 0; i < count; i++) {
            flush();
            sends[i].tell();
        }
        telling = false;
        count = 0;
        sent = 0;
        frames.clear();
    }

    /** One frame for one socket. The objects are used again and again. */
    private static final class Send {

        private @Nullable WebSocketHandler peer;
        private @Nullable Socket socket;
        private @Nullable Sent told;
        private byte @Nullable [] array;
        private int offset;
        private int length;
        private int head;
        private int from;
        private int to;

        /** Tells whether this is the frame of that very message: another one that is equal is not looked for. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(int otherHead, ByteBuffer message) {
            return array == message.array()
                    && offset == message.arrayOffset() + message.position()
                    && length == message.remaining()
                    && head == otherHead;
        }

        void frame(ByteBuffer frames, int newHead, ByteBuffer message) {
            head = newHead;
            array = message.array();
            offset = message.arrayOffset() + message.position();
            length = message.remaining();
            from = frames.position();
            if (length < 126) {
                frames.putShort((short) ((head << 8) | length));
            } else {
                frames.putInt((head << 24) | (126 << 16) | length);
            }
            frames.put(array, offset, length);
            to = frames.position();
        }

        void sameAs(Send before) {
            head = before.head;
            array = before.array;
            offset = before.offset;
            length = before.length;
            from = before.from;
            to = before.to;
        }

        void go(ByteBuffer frames) {
            int written = written(frames);
            if (written == to - from) {
                return;
            }
            // What is left goes before everything that this socket sends from now on.
            ByteBuffer rest = frames.duplicate().limit(to).position(from + written);
            Sent waiting = told();
            told = null;
            peer().enqueue(Unpooled.copiedBuffer(rest), waiting);
        }

        private int written(ByteBuffer frames) {
            Socket open = Objects.requireNonNull(socket);
            if (!open.isOpen()) {
                // The number of a closed one may be that of another by now.
                return 0;
            }
            try {
                return Math.max(0, open.send(frames, from, to));
            } catch (IOException gone) {
                // The engine's own attempt finds the same, and sees to the rest.
                return 0;
            }
        }

        void tell() {
            Sent waiting = told;
            WebSocketHandler of = peer();
            told = null;
            peer = null;
            socket = null;
            array = null;
            if (waiting != null) {
                of.sent(waiting);
            }
        }

        private WebSocketHandler peer() {
            return Objects.requireNonNull(peer);
        }

        private Sent told() {
            return Objects.requireNonNull(told);
        }
    }
}
