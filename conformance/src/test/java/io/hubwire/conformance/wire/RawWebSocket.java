package io.hubwire.conformance.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A WebSocket over a raw connection, strict about what the server sends. One thread listens, any may send.
 */
public final class RawWebSocket implements AutoCloseable {

    /** A continuation of the message before. */
    public static final int CONTINUATION = 0;

    /** A text frame. */
    public static final int TEXT = 1;

    /** A binary frame. */
    public static final int BINARY = 2;

    /** A close frame. */
    public static final int CLOSE = 8;

    /** A ping frame. */
    public static final int PING = 9;

    /** A pong frame. */
    public static final int PONG = 10;

    private static final int FINAL = 0x80;

    private final ReentrantLock sending = new ReentrantLock();
    private final RawConnection connection;
    private boolean closeSent;

    private RawWebSocket(RawConnection connection) {
        this.connection = connection;
    }

    /** Hears what comes, on the thread that listens. */
    public interface Listener {

        /** The upgrade was accepted. */
        default void opened() {}

        /** The upgrade was answered otherwise. */
        void refused(RawResponse response);

        /** A text message. */
        void text(String message);

        /** A binary message. */
        void binary(byte[] message);

        /** The connection has ended: with the server's code, 1005 for a close frame without one, 1006 without a frame. */
        void closed(int code, String reason);
    }

    /** Sends the upgrade. */
    public static RawWebSocket open(RawConnection connection, String target, Map<String, String> headers)
            throws IOException {
        byte[] key = new byte[16];
        ThreadLocalRandom.current().nextBytes(key);
        Map<String, String> all = new HashMap<>(headers);
        all.put("Connection", "Upgrade");
        all.put("Upgrade", "websocket");
        all.put("Sec-WebSocket-Version", "13");
        all.put("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key));
        connection.request("GET", target, all);
        return new RawWebSocket(connection);
    }

    /** Reads until the end, answering pings and the close frame. */
    public void listen(Listener listener) {
        int code = 1006;
        String reason = "";
        try {
            RawHead head = connection.head();
            if (head.status() != 101) {
                listener.refused(new RawResponse(head, connection.body(head).readAllBytes()));
                return;
            }
            listener.opened();
            byte[] close = messages(listener, new DataInputStream(connection.in()));
            code = close.length < 2 ? 1005 : ByteBuffer.wrap(close).getShort() & 0xFFFF;
            reason = close.length < 2 ? "" : new String(close, 2, close.length - 2, UTF_8);
            if (connection.in().read() >= 0) {
                reason = "and then more bytes";
            }
        } catch (CharacterCodingException notText) {
            reason = "text that is not UTF-8";
        } catch (IOException gone) {
            // The code says it.
        } finally {
            connection.close();
        }
        listener.closed(code, reason);
    }

    /** Reads messages up to the close frame, and answers that. */
    private byte[] messages(Listener listener, DataInputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int kind = -1;
        while (true) {
            int first = in.readUnsignedByte();
            int opcode = first & 0x0F;
            byte[] payload = payload(in);
            if ((first & 0x70) != 0) {
                throw new IOException("reserved bits are set");
            }
            switch (opcode) {
                case CLOSE -> {
                    answerClose(payload);
                    return payload;
                }
                case PING -> frame(FINAL | PONG, payload);
                case PONG -> {}
                case TEXT, BINARY, CONTINUATION -> {
                    if ((opcode == CONTINUATION) != (kind >= 0)) {
                        throw new IOException("a fragment out of place");
                    }
                    kind = opcode == CONTINUATION ? kind : opcode;
                    message.write(payload);
                    if ((first & FINAL) != 0) {
                        deliver(listener, kind, message.toByteArray());
                        message.reset();
                        kind = -1;
                    }
                }
                default -> throw new IOException("opcode " + opcode);
            }
        }
    }

    private static void deliver(Listener listener, int kind, byte[] message) throws CharacterCodingException {
        if (kind == BINARY) {
            listener.binary(message);
        } else {
            listener.text(UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString());
        }
    }

    private static byte[] payload(DataInputStream in) throws IOException {
        int second = in.readUnsignedByte();
        if ((second & 0x80) != 0) {
            throw new IOException("the server masks");
        }
        long length = second;
        if (second == 126) {
            length = in.readUnsignedShort();
        } else if (second == 127) {
            length = in.readLong();
        }
        byte[] payload = in.readNBytes(Math.toIntExact(length));
        if (payload.length < length) {
            throw new EOFException("the connection ended within a frame");
        }
        return payload;
    }

    private void answerClose(byte[] payload) {
        try {
            frame(FINAL | CLOSE, payload);
        } catch (IOException gone) {
            // Who closes and goes at once needs no answer.
        }
    }

    /** Sends a text message. */
    public void text(String message) throws IOException {
        frame(FINAL | TEXT, message.getBytes(UTF_8));
    }

    /** Sends a binary message. */
    public void binary(byte[] message) throws IOException {
        frame(FINAL | BINARY, message);
    }

    /** Sends a close frame; without a code when that is 0. */
    public void closeFrame(int code, String reason) throws IOException {
        byte[] text = reason.getBytes(UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(code == 0 ? 0 : 2 + text.length);
        if (code != 0) {
            payload.putShort((short) code).put(text);
        }
        frame(FINAL | CLOSE, payload.array());
    }

    /** Sends one frame, masked; {@code first} holds the final bit and the opcode. Nothing goes out behind a close frame. */
    public void frame(int first, byte[] payload) throws IOException {
        sending.lock();
        try {
            if (!closeSent) {
                closeSent = (first & 0x0F) == CLOSE;
                connection.write(masked(first, payload));
            }
        } finally {
            sending.unlock();
        }
    }

    /** The bytes of one frame as a client sends it; the mask is always the same, so that what is broken in it is, too. */
    public static byte[] masked(int first, byte[] payload) {
        byte[] mask = {0x37, (byte) 0xFA, 0x21, 0x3D};
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i & 3]));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** Cuts the connection. */
    @Override
    public void close() {
        connection.close();
    }
}
