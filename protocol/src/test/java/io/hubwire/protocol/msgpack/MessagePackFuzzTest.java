package io.hubwire.protocol.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.HubMessage.Completion;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.protocol.HubMessage.StreamItem;
import io.hubwire.protocol.Methods;
import io.hubwire.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** Our reader and writer, judged by {@code msgpack-core}. */
class MessagePackFuzzTest {

    private static final int ROUNDS = 2_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private final MessagePackHubProtocol protocol = new MessagePackHubProtocol(new PlainMessagePack());
    private final Methods methods = new Methods()
            .stream("any", Object.class).stream("text", String.class).stream("whole", long.class).stream(
                            "real", double.class)
                    .stream("bytes", byte[].class)
                    .call("any", Object.class);

    @Test
    void readsWhatTheJudgeWrites() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            var value = value(0);
            var frame = frame(value);

            assertThat(protocol.read(frame, methods))
                    .as("seed %d", seed)
                    .isInstanceOfSatisfying(
                            Completion.class,
                            end -> assertThat(end.outcome())
                                    .isInstanceOfSatisfying(
                                            Outcome.Value.class,
                                            result -> assertThat(PlainMessagePack.value(result.value()))
                                                    .as("seed %d", seed)
                                                    .isEqualTo(value)));
        }
    }

    @Test
    void readsScalarsThatTheJudgeWrites() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            var text = text();
            long whole = number();
            double real = Double.longBitsToDouble(random.nextLong());
            byte[] bytes = bytes();

            assertThat(item("text", packer -> packer.packString(text)))
                    .as("seed %d", seed)
                    .isEqualTo(text);
            assertThat(item("whole", packer -> packer.packLong(whole)))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
            assertThat(item("real", packer -> packer.packDouble(real)))
                    .as("seed %d", seed)
                    .isEqualTo(real);
            assertThat(item("real", packer -> packer.packFloat((float) real)))
                    .as("seed %d", seed)
                    .isEqualTo((double) (float) real);
            assertThat(item("real", packer -> packer.packLong(whole)))
                    .as("seed %d", seed)
                    .isEqualTo((double) whole);
            assertThat(item(
                            "bytes",
                            packer -> packer.packBinaryHeader(bytes.length).addPayload(bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void writesWhatTheJudgeReads() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            var text = text();
            long whole = number();
            double real = random.nextLong() / 7.0;
            byte[] bytes = bytes();

            assertThat(read(text).asStringValue().asString())
                    .as("seed %d", seed)
                    .isEqualTo(text);
            assertThat(read(whole).asIntegerValue().asLong())
                    .as("seed %d", seed)
                    .isEqualTo(whole);
            assertThat(read((int) whole).asIntegerValue().asLong())
                    .as("seed %d", seed)
                    .isEqualTo((long) (int) whole);
            assertThat(read(real).asFloatValue().toDouble()).as("seed %d", seed).isEqualTo(real);
            assertThat(read((float) real).asFloatValue().toFloat())
                    .as("seed %d", seed)
                    .isEqualTo((float) real);
            assertThat(read(bytes).asBinaryValue().asByteArray())
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void writesScalarsInTheFormOfTheJudge() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            long whole = number();
            var text = text();

            assertThat(written(whole))
                    .as("seed %d: %d", seed, whole)
                    .isEqualTo(packed(packer -> packer.packLong(whole)));
            assertThat(written(text)).as("seed %d", seed).isEqualTo(packed(packer -> packer.packString(text)));
        }
    }

    @Test
    void refusesWhatIsBrokenInNoOtherWay() throws IOException {
        for (int round = 0; round < 4 * ROUNDS; round++) {
            byte[] broken = broken();
            try {
                protocol.read(ByteBuffer.wrap(broken), methods);
            } catch (ProtocolException refused) {
                assertThat(refused)
                        .as("seed %d", seed)
                        .hasMessageMatching("(?:Error r|R)eading .*|Invalid invocation .*");
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError failure) {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(broken), failure);
            }
        }
    }

    @Test
    void refusesValuesThatTheJudgeRefuses() throws IOException {
        for (int round = 0; round < 2 * ROUNDS; round++) {
            byte[] value = spoilt(packed(packer -> packer.packValue(value(0))));
            boolean good = judgedGood(value);

            byte[] frame = packed(packer -> {
                packer.packArrayHeader(4).packInt(2).packMapHeader(0).packString("none");
                packer.writePayload(value);
            });

            assertThat(isRead(frame))
                    .as("seed %d: %s", seed, HexFormat.of().formatHex(value))
                    .isEqualTo(good);
        }
    }

    private boolean isRead(byte[] frame) {
        try {
            protocol.read(ByteBuffer.wrap(frame), methods);
            return true;
        } catch (ProtocolException refused) {
            return false;
        }
    }

    private static boolean judgedGood(byte[] value) {
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(value)) {
            unpacker.skipValue();
            return !unpacker.hasNext();
        } catch (IOException | RuntimeException broken) {
            return false;
        }
    }

    private byte[] broken() throws IOException {
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            return noise;
        }
        var frame = frame(value(0));
        byte[] whole = new byte[frame.remaining()];
        frame.get(whole);
        return spoilt(whole);
    }

    private byte[] spoilt(byte[] whole) {
        byte[] spoilt = random.nextInt(3) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length + 3)) : whole.clone();
        for (int left = random.nextInt(4); left > 0 && spoilt.length > 0; left--) {
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
        }
        return spoilt;
    }

    private ByteBuffer frame(Value value) throws IOException {
        return ByteBuffer.wrap(packed(packer -> {
            packer.packArrayHeader(5)
                    .packInt(3)
                    .packMapHeader(0)
                    .packString("any")
                    .packInt(3);
            packer.packValue(value);
        }));
    }

    private Object item(String id, Packing packing) throws IOException {
        var frame = ByteBuffer.wrap(packed(packer -> {
            packer.packArrayHeader(4).packInt(2).packMapHeader(0).packString(id);
            packing.pack(packer);
        }));
        return Objects.requireNonNull(((StreamItem) protocol.read(frame, methods)).item());
    }

    private Value read(Object value) throws IOException {
        try (var unpacker = MessagePack.newDefaultUnpacker(written(value))) {
            return unpacker.unpackValue();
        }
    }

    /** Returns the bytes of a value alone. */
    private byte[] written(Object value) {
        var frame = protocol.write(new StreamItem("i", value));
        while (frame.get() < 0) {}
        byte[] alone = new byte[frame.remaining() - 5];
        frame.position(frame.position() + 5).get(alone);
        return alone;
    }

    private Value value(int depth) {
        return switch (random.nextInt(depth > 4 ? 7 : 9)) {
            case 0 -> ValueFactory.newNil();
            case 1 -> ValueFactory.newBoolean(random.nextBoolean());
            case 2, 3 -> ValueFactory.newInteger(number());
            case 4 -> ValueFactory.newFloat(random.nextInt() / 16.0);
            case 5 -> ValueFactory.newString(text());
            case 6 -> ValueFactory.newBinary(bytes());
            case 7 -> {
                var elements = new Value[random.nextInt(random.nextInt(8) == 0 ? 40 : 5)];
                Arrays.setAll(elements, i -> value(depth + 1));
                yield ValueFactory.newArray(elements);
            }
            default -> {
                var map = ValueFactory.newMapBuilder();
                for (int left = random.nextInt(random.nextInt(8) == 0 ? 40 : 5); left > 0; left--) {
                    map.put(ValueFactory.newString(text()), value(depth + 1));
                }
                yield map.build();
            }
        };
    }

    private long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    private String text() {
        var characters = List.of("a", "zü", "€", "😀", "?", "\u0000", "0123456789012345");
        var text = new StringBuilder();
        for (int left = random.nextInt(random.nextInt(10) == 0 ? 300 : 8); left > 0; left--) {
            text.append(characters.get(random.nextInt(characters.size())));
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 70_000 : 40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] packed(Packing packing) throws IOException {
        try (var packer = MessagePack.newDefaultBufferPacker()) {
            packing.pack(packer);
            return packer.toByteArray();
        }
    }

    /** Writes something. */
    private interface Packing {

        void pack(MessagePacker packer) throws IOException;
    }
}
