package io.hubwire.testkit;

import java.nio.ByteBuffer;

/** The frames that a WebSocket client sends. */
public final class ClientFrame {

    /** The opcode of what goes on in further frames. */
    public static final int CONTINUATION = 0;

    /** The opcode of text. */
    public static final int TEXT = 1;

    /** The opcode of bytes. */
    public static final int BINARY = 2;

    /** The opcode of a goodbye. */
    public static final int CLOSE = 8;

    /** The opcode of a question for a sign of life. */
    public static final int PING = 9;

    /** The opcode of a sign of life. */
    public static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int MASK = 0x37fa213d;
    private static final int LONGEST_HEAD = 14;

    private ClientFrame() {}

    /** Encodes a frame that is a whole message, or a control frame. */
    public static byte[] whole(int opcode, byte... payload) {
        return of(FIN | opcode, payload);
    }

    /** Encodes a frame behind which the message goes on. */
    public static byte[] unfinished(int opcode, byte... payload) {
        return of(opcode, payload);
    }

    /** Encodes a frame whose first byte is {@code first}, in order or not. */
    public static byte[] of(int first, byte... payload) {
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(LONGEST_HEAD + length).put((byte) first);
        if (length < 126) {
            frame.put((byte) (MASKED | length));
        } else if (length < 1 << 16) {
            frame.put((byte) (MASKED | 126)).putShort((short) length);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(length);
        }
        frame.putInt(MASK);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (payload[i] ^ (MASK >>> (24 - 8 * (i & 3)))));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** Puts frames one behind the other. */
    public static byte[] join(byte[]... frames) {
        int length = 0;
        for (byte[] frame : frames) {
            length += frame.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] frame : frames) {
            joined.put(frame);
        }
        return joined.array();
    }
}
