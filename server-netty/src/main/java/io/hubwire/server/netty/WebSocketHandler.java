package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.Sent;
import io.hubwire.server.spi.WebSocketPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: the only handler of its pipeline but what encrypts it, and the peer that the server sees.
 *
 * <p>Confined to the event loop, except {@link #terminate} and {@link #resume}, which hop there.
 */
final class WebSocketHandler extends ChannelInboundHandlerAdapter implements WebSocketPeer, FrameReader.Listener {

    private static final int FIN_TEXT = 0x81;
    private static final int FIN_BINARY = 0x82;
    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int FIN_PONG = 0x8a;
    private static final int COMPRESSED = 0x40;
    private static final int LONGEST_HEAD = 10;
    private static final int NORMAL = 1000;
    private static final int LONGEST_REASON = 123;

    /** The most that is kept of a client that has sent more than the receiver wants, and then left. */
    private static final int MOST_KEPT = 1 << 20;

    private static final byte[] NOTHING = {};

    private final NettyLoop loop;
    private final Receiver receiver;
    private final FrameReader frames;

    /** What compresses; null where the client does not want that. */
    private final @Nullable LoopCompression compression;

    private ChannelHandlerContext context;

    /** What frames can be sent to without the engine's queue. */
    private final @Nullable Socket socket;

    /** How many writes the engine's queue holds. */
    private int queued;

    /** What was read and not taken apart: an incomplete head, or whatever there is while the receiver pauses. */
    private byte[] rest = NOTHING;

    private boolean paused;

    /** Our close frame is on its way: nothing is sent behind it, and nothing delivered. */
    private boolean closing;

    /** What still comes is thrown away. */
    private boolean deaf;

    private boolean clean;
    private boolean toldClosed;
    private boolean pongOnItsWay;
    private byte @Nullable [] nextPong;

    /** Set by {@link #terminate}, on any thread: nothing is delivered any more. */
    private volatile boolean cut;

    WebSocketHandler(
            NettyLoop loop, Receiver receiver, ChannelHandlerContext context, Optional<PerMessageDeflate> agreed) {
        this.loop = loop;
        this.receiver = receiver;
        this.context = context;
        this.compression = agreed.isPresent() ? loop.compression : null;
        this.frames = new FrameReader(
                this,
                compression == null
                        ? null
                        : new Inflation(compression, agreed.get().clientContextTakeover()));
        this.socket = Outlet.socket(context.channel());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    // what comes in

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf in) {
            try {
                read(in);
            } finally {
                in.release();
            }
        }
    }

    private void read(ByteBuf in) {
        while (in.isReadable() && !paused && !deaf) {
            byte[] scratch = loop.scratch;
            int kept = rest.length;
            System.arraycopy(rest, 0, scratch, 0, kept);
            int end = kept + Math.min(in.readableBytes(), scratch.length - kept);
            in.readBytes(scratch, kept, end - kept);
            int stop = frames.read(scratch, 0, end);
            rest = stop == end ? NOTHING : Arrays.copyOfRange(scratch, stop, end);
        }
        if (in.isReadable() && !deaf) {
            keep(in);
        }
    }

    /** Keeps what came behind the piece after which the receiver paused, and has the socket wait. */
    private void keep(ByteBuf in) {
        if (rest.length + in.readableBytes() > MOST_KEPT) {
            terminate();
            return;
        }
        int kept = rest.length;
        rest = Arrays.copyOf(rest, kept + in.readableBytes());
        in.readBytes(rest, kept, rest.length - kept);
        channel().config().setAutoRead(false);
    }

    @Override
    public boolean data(byte[] bytes, int from, int to) {
        if (closing || cut) {
            return true;
        }
        boolean wantsMore = receiver.received(loop.view(bytes, from, to));
        paused = !wantsMore && !closing;
        return !paused;
    }

    /** Hops in any case: the receiver may ask for it before it has returned from what makes it pause. */
    @Override
    public void resume() {
        loop.later(this::goOn);
    }

    private void goOn() {
        if (!paused) {
            return;
        }
        paused = false;
        frames.goOn();
        if (paused) {
            return;
        }
        byte[] waiting = rest;
        rest = NOTHING;
        if (waiting.length > 0) {
            read(Unpooled.wrappedBuffer(waiting));
        }
        if (!paused) {
            Outlet.readOn(channel());
        }
    }

    @Override
    public void alive() {
        if (!closing && !cut) {
            receiver.pong();
        }
    }

    @Override
    public void ping(byte[] bytes, int from, int to) {
        if (closing || cut) {
            return;
        }
        if (pongOnItsWay) {
            nextPong = Arrays.copyOfRange(bytes, from, to);
        } else {
            pong(ByteBuffer.wrap(bytes, from, to - from));
        }
        receiver.pong();
    }

    /** Answers one ping at a time, the latest next, so that a client that only pings gathers nothing here. */
    private void pong(ByteBuffer payload) {
        pongOnItsWay = true;
        control(frame(FIN_PONG, payload), written -> {
            pongOnItsWay = false;
            byte[] next = nextPong;
            nextPong = null;
            if (next != null && written && !closing) {
                pong(ByteBuffer.wrap(next));
            }
        });
    }

    @Override
    public void closing() {
        clean = true;
        deaf = true;
        if (closing) {
            Outlet.close(channel());
        } else {
            write(closeFrame(NORMAL, ""), written -> Outlet.close(channel()));
        }
    }

    @Override
    public void violation(int code) {
        NettyLog.violated(channel(), code);
        deaf = true;
        if (closing) {
            part();
        } else {
            write(closeFrame(code, ""), written -> part());
        }
        tellClosed();
    }

    /** Writes the last frame; a client that does not take it is cut. */
    private void write(ByteBuf closeFrame, Sent sent) {
        closing = true;
        if (!control(closeFrame, sent)) {
            loop.partings.begin(new Deadlines.Entry(this::terminate));
        }
    }

    /** Waits for the client to close, since closing with something unread would take our close frame from it. */
    private void part() {
        Outlet.readOn(channel());
        Outlet.shutDown(channel());
        loop.partings.begin(new Deadlines.Entry(this::terminate));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {}

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deaf = true;
        rest = NOTHING;
        frames.close();
        tellClosed();
    }

    private void tellClosed() {
        if (!toldClosed) {
            toldClosed = true;
            receiver.closed(clean);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        deaf = true;
        Outlet.fail(ctx.channel(), cause);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        Outlet.hear(ctx.channel(), event);
    }

    // what goes out

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void send(boolean text, ByteBuffer message, Sent sent) {
        if (closing || cut || !channel().isActive()) {
            sent.sent(false);
        } else {
            int head = text ? FIN_TEXT : FIN_BINARY;
            ByteBuffer deflated = compression == null ? null : compression.deflated(message);
            if (deflated == null) {
                send(head, message, sent);
            } else {
                send(head | COMPRESSED, deflated, sent);
            }
        }
    }

    private void send(int head, ByteBuffer payload, Sent sent) {
        if (!sendsAtEndOfTurn(head, payload, sent)) {
            enqueue(frame(head, payload), sent);
        }
    }

    private boolean sendsAtEndOfTurn(int head, ByteBuffer message, Sent sent) {
        return socket != null
                && queued == 0
                && message.hasArray()
                && message.remaining() <= Sends.LONGEST_MESSAGE
                && loop.sends.add(this, socket, head, message, sent);
    }

    /** A message has gone at the end of a turn. */
    void sent(Sent told) {
        try {
            told.sent(true);
        } catch (RuntimeException | Error mistake) {
            NettyLog.failed(channel(), mistake);
            terminate();
        }
    }

    /** Writes through the engine's queue, behind what it holds, and in front of what is added from now on. */
    boolean enqueue(ByteBuf bytes, Sent sent) {
        queued++;
        return Outlet.write(context, bytes, new Sent() {
            @Override
            public void waits() {
                sent.waits();
            }

            @Override
            public void sent(boolean written) {
                queued--;
                sent.sent(written);
            }
        });
    }

    /** Writes a control frame, behind what this turn has prepared. */
    private boolean control(ByteBuf frame, Sent sent) {
        loop.sends.flush();
        return enqueue(frame, sent);
    }

    @Override
    public void ping() {
        if (!closing) {
            control(frame(FIN_PING, ByteBuffer.wrap(NOTHING)), Sent.IGNORED);
        }
    }

    @Override
    public void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        control(closeFrame(code, reason), Sent.IGNORED);
        goOn();
    }

    @Override
    public void terminate() {
        cut = true;
        loop.later(() -> {
            deaf = true;
            if (Outlet.unsent(channel()) > 0) {
                Outlet.cut(channel());
            } else {
                Outlet.close(channel());
            }
        });
    }

    private ByteBuf closeFrame(int code, String reason) {
        byte[] text = reason.getBytes(UTF_8);
        int length = Math.min(text.length, LONGEST_REASON);
        while (length < text.length && length > 0 && (text[length] & 0xC0) == 0x80) {
            length--;
        }
        ByteBuffer payload = ByteBuffer.allocate(2 + length);
        return frame(
                FIN_CLOSE, payload.putShort((short) code).put(text, 0, length).flip());
    }

    private ByteBuf frame(int first, ByteBuffer payload) {
        int length = payload.remaining();
        ByteBuf frame = loop.outgoing(LONGEST_HEAD + length, context.alloc());
        if (length < 126) {
            frame.writeShort((first << 8) | length);
        } else if (length < 1 << 16) {
            frame.writeInt((first << 24) | (126 << 16) | length);
        } else {
            frame.writeShort((first << 8) | 127).writeLong(length);
        }
        return payload.hasArray()
                ? frame.writeBytes(payload.array(), payload.arrayOffset() + payload.position(), length)
                : frame.writeBytes(payload.duplicate());
    }

    private Channel channel() {
        return context.channel();
    }
}
