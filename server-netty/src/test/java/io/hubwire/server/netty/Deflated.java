package io.hubwire.server.netty;

import io.hubwire.testkit.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** What clients compress, and what is compressed for them. */
final class Deflated {

    static final int FIN = 0x80;
    static final int COMPRESSED = 0x40;

    private Deflated() {}

    /** A message as it is sent, without its tail. */
    static byte[] deflated(byte[] plain) {
        return deflated(new Deflater(Deflater.DEFAULT_COMPRESSION, true), plain);
    }

    /** The same by a deflater that remembers what was before. */
    static byte[] deflated(Deflater deflater, byte[] plain) {
        deflater.setInput(plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[1000];
        for (int length = deflate(deflater, piece); length > 0; length = deflate(deflater, piece)) {
            out.write(piece, 0, length);
        }
        byte[] whole = out.toByteArray();
        return Arrays.copyOf(whole, whole.length - DeflateOnce.TAIL.length);
    }

    private static int deflate(Deflater deflater, byte[] piece) {
        return deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
    }

    /** A message that ends with a last block, and refers to {@code before}: RFC 7692, section 7.2.3.4. */
    static byte[] ended(byte[] plain, byte[] before) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setDictionary(before);
        deflater.setInput(plain);
        deflater.finish();
        byte[] out = new byte[plain.length + 1000];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length + 1);
    }

    /** A frame that is a whole message. */
    static byte[] frame(int opcode, byte[] plain) {
        return ClientFrame.of(FIN | COMPRESSED | opcode, deflated(plain));
    }

    static byte[] inflated(byte[] compressed) {
        byte[] whole = Arrays.copyOf(compressed, compressed.length + DeflateOnce.TAIL.length);
        System.arraycopy(DeflateOnce.TAIL, 0, whole, compressed.length, DeflateOnce.TAIL.length);
        Inflater inflater = new Inflater(true);
        inflater.setInput(whole);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[1000];
        try {
            for (int length = inflater.inflate(piece); length > 0; length = inflater.inflate(piece)) {
                out.write(piece, 0, length);
            }
        } catch (DataFormatException nonsense) {
            throw new IllegalArgumentException(nonsense);
        } finally {
            inflater.end();
        }
        return out.toByteArray();
    }
}
