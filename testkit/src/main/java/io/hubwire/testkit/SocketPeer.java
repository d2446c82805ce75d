package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A WebSocket over a socket. Reads only when it is asked for what came, and so is slow by itself. */
final class SocketPeer implements ClientSocket {

    private static final String UPGRADE = "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private final RawClient client;
    private RawClient.@Nullable Head head;

    SocketPeer(RawClient client, ClientRequest request) {
        this.client = client;
        client.send(SocketHost.head(request, UPGRADE));
    }

    private RawClient.Head head() {
        if (head == null) {
            head = client.head();
        }
        return head;
    }

    @Override
    public int status() {
        return head().status();
    }

    @Override
    public List<String> headers(String name) {
        return head().values(name);
    }

    @Override
    public void text(String... messages) {
        byte[][] frames = new byte[messages.length][];
        for (int i = 0; i < messages.length; i++) {
            frames[i] = ClientFrame.whole(ClientFrame.TEXT, messages[i].getBytes(UTF_8));
        }
        client.sendIfOpen(ClientFrame.join(frames));
    }

    @Override
    public void binary(byte[] message) {
        client.sendIfOpen(ClientFrame.whole(ClientFrame.BINARY, message));
    }

    @Override
    public void fragments(boolean text, byte[]... pieces) {
        int opcode = text ? ClientFrame.TEXT : ClientFrame.BINARY;
        for (int i = 0; i < pieces.length; i++) {
            boolean last = i == pieces.length - 1;
            client.sendIfOpen(last ? ClientFrame.whole(opcode, pieces[i]) : ClientFrame.unfinished(opcode, pieces[i]));
            opcode = ClientFrame.CONTINUATION;
        }
    }

    @Override
    public void ping(String payload) {
        client.sendIfOpen(ClientFrame.whole(ClientFrame.PING, payload.getBytes(UTF_8)));
    }

    @Override
    public void pong(String payload) {
        client.sendIfOpen(ClientFrame.whole(ClientFrame.PONG, payload.getBytes(UTF_8)));
    }

    @Override
    public void close(int code, String reason) {
        byte[] text = reason.getBytes(UTF_8);
        byte[] payload = ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array();
        client.sendIfOpen(ClientFrame.whole(ClientFrame.CLOSE, payload));
    }

    @Override
    public Event next() {
        head();
        try {
            return event();
        } catch (UncheckedIOException closed) {
            return new Event.Gone();
        }
    }

    private Event event() {
        RawClient.Frame frame = client.frame();
        return switch (frame.opcode()) {
            case ClientFrame.TEXT -> new Event.Text(UTF_8.decode(message(frame)).toString());
            case ClientFrame.BINARY -> new Event.Binary(message(frame));
            case ClientFrame.PING -> new Event.Ping(frame.text());
            case ClientFrame.PONG -> new Event.Pong(frame.text());
            case ClientFrame.CLOSE -> closed(frame.payload());
            default -> throw new AssertionError("a frame with opcode " + frame.opcode());
        };
    }

    private ByteBuffer message(RawClient.Frame first) {
        if (first.last()) {
            return first.payload();
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        RawClient.Frame frame = first;
        whole.writeBytes(frame.payload().array());
        while (!frame.last()) {
            frame = client.frame();
            whole.writeBytes(frame.payload().array());
        }
        return ByteBuffer.wrap(whole.toByteArray());
    }

    private static Event closed(ByteBuffer payload) {
        if (!payload.hasRemaining()) {
            return new Event.Close(1005, "");
        }
        int code = payload.getShort() & 0xffff;
        return new Event.Close(code, UTF_8.decode(payload).toString());
    }

    @Override
    public void hold() {
        // what is not read is held
    }

    @Override
    public void release() {
        // it is read when it is asked for
    }

    @Override
    public void vanish() {
        client.close();
    }
}
