package io.hubwire.conformance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Breaks bytes in ways that follow from its seed alone. Confined to one thread. */
final class Mutator {

    private static final List<byte[]> PIECES = List.of(
            bytes("\u001e"),
            bytes("\u001e\u001e"),
            bytes("{"),
            bytes("}"),
            bytes("[[[[[[[["),
            bytes("\""),
            bytes("\\"),
            bytes("\\u"),
            bytes("\\ud800"),
            bytes(",,"),
            bytes(":"),
            bytes("null"),
            bytes("-"),
            bytes("1e999"),
            bytes("99999999999999999999"),
            bytes("\"type\":4"),
            bytes("\"type\":1e0"),
            bytes("\"invocationId\":\"\""),
            bytes("\r\n"),
            bytes("\r\n\r\n"),
            bytes("\n"),
            bytes("\0"),
            bytes("Content-Length: 5\r\n"),
            bytes("Transfer-Encoding: chunked\r\n"),
            bytes("ffffffffffffffff\r\n"),
            bytes("%zz%"),
            bytes("/../"),
            bytes("?id=&id=&"),
            new byte[] {(byte) 0x91},
            new byte[] {(byte) 0xC1},
            new byte[] {(byte) 0xC0},
            new byte[] {(byte) 0xDD, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
            new byte[] {(byte) 0xDF, 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
            new byte[] {(byte) 0xDB, (byte) 0x80, 0, 0, 0},
            new byte[] {(byte) 0xC9, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 5},
            new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7},
            new byte[] {(byte) 0xFF, (byte) 0xFE},
            new byte[] {(byte) 0xC0, (byte) 0x80},
            new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});

    private final Random random;

    Mutator(long seed) {
        random = new Random(seed);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    <T> T anyOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    /** Changes a few places, or none. */
    byte[] mutated(byte[] whole) {
        byte[] broken = whole;
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            broken = changed(broken);
        }
        return broken;
    }

    private byte[] changed(byte[] whole) {
        int at = random.nextInt(whole.length + 1);
        int end = Math.min(whole.length, at + random.nextInt(16));
        return switch (random.nextInt(7)) {
            case 0 -> flipped(whole);
            case 1 -> joined(whole, at, new byte[0], end);
            case 2 -> joined(whole, at, anyOf(PIECES), at);
            case 3 -> joined(whole, at, Arrays.copyOfRange(whole, at, end), at);
            case 4 -> Arrays.copyOf(whole, at);
            case 5 -> joined(whole, at, noise(random.nextInt(64)), end);
            default -> joined(whole, at, repeated(), at);
        };
    }

    private byte[] flipped(byte[] whole) {
        byte[] flipped = whole.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] repeated() {
        byte[] repeated = new byte[1 << random.nextInt(17)];
        Arrays.fill(repeated, anyOf(PIECES)[0]);
        return repeated;
    }

    private static byte[] joined(byte[] whole, int end, byte[] middle, int start) {
        return ByteBuffer.allocate(end + middle.length + whole.length - start)
                .put(whole, 0, end)
                .put(middle)
                .put(whole, start, whole.length - start)
                .array();
    }
}
