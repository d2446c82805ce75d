package io.hubwire.protocol.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.Framing;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Ack;
import io.hubwire.protocol.HubMessage.CancelInvocation;
import io.hubwire.protocol.HubMessage.Close;
import io.hubwire.protocol.HubMessage.Completion;
import io.hubwire.protocol.HubMessage.Invocation;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.protocol.HubMessage.Ping;
import io.hubwire.protocol.HubMessage.Sequence;
import io.hubwire.protocol.HubMessage.StreamInvocation;
import io.hubwire.protocol.HubMessage.StreamItem;
import io.hubwire.protocol.TransferFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Frames as hexadecimal digits. */
class MessagePackWritingTest {

    private final MessagePackHubProtocol protocol = new MessagePackHubProtocol(new PlainMessagePack());

    @Test
    void isTheBinaryDialect() {
        assertThat(protocol.name()).isEqualTo("messagepack");
        assertThat(protocol.transferFormat()).isEqualTo(TransferFormat.BINARY);
        assertThat(protocol.framing()).isEqualTo(Framing.LENGTH_PREFIX);
    }

    @Test
    void writesAsManyItemsAsTheReference() {
        assertThat(hex(Ping.PING)).isEqualTo("02 91 06");
        assertThat(hex(new Invocation("F", List.of()))).isEqualTo("08 96 01 80 c0 a1 46 90 90");
        assertThat(hex(new Invocation("0", "Add", List.of(2, 3))))
                .isEqualTo("0d 96 01 80 a1 30 a3 41 64 64 92 02 03 90");
        assertThat(hex(new Invocation("1", "Up", Arrays.asList("q", null), List.of("2"), Map.of("a", "b"))))
                .isEqualTo("13 96 01 81 a1 61 a1 62 a1 31 a2 55 70 92 a1 71 c0 91 a1 32");
        assertThat(hex(new StreamInvocation("2", "St", List.of()))).isEqualTo("0a 96 04 80 a1 32 a2 53 74 90 90");
        assertThat(hex(new StreamItem("4", null))).isEqualTo("06 94 02 80 a1 34 c0");
        assertThat(hex(new Completion("s1", new Outcome.Value(7)))).isEqualTo("08 95 03 80 a2 73 31 03 07");
        assertThat(hex(new Completion("0", new Outcome.Value(null)))).isEqualTo("07 95 03 80 a1 30 03 c0");
        assertThat(hex(new Completion("4", Outcome.Nothing.NOTHING))).isEqualTo("06 94 03 80 a1 34 02");
        assertThat(hex(new Completion("0", new Outcome.Failure("no")))).isEqualTo("09 95 03 80 a1 30 01 a2 6e 6f");
        assertThat(hex(new CancelInvocation("2"))).isEqualTo("05 93 05 80 a1 32");
        assertThat(hex(new Close(null, false))).isEqualTo("04 93 07 c0 c2");
        assertThat(hex(new Close(null, true))).isEqualTo("04 93 07 c0 c3");
        assertThat(hex(new Close("x", true))).isEqualTo("05 93 07 a1 78 c3");
        assertThat(hex(new Ack(5))).isEqualTo("03 92 08 05");
        assertThat(hex(new Sequence(1))).isEqualTo("03 92 09 01");
    }

    @Test
    void writesEverythingInItsShortestForm() {
        assertThat(value(0)).isEqualTo("00");
        assertThat(value(127)).isEqualTo("7f");
        assertThat(value(128)).isEqualTo("cc 80");
        assertThat(value(255L)).isEqualTo("cc ff");
        assertThat(value((short) 256)).isEqualTo("cd 01 00");
        assertThat(value(65_536)).isEqualTo("ce 00 01 00 00");
        assertThat(value(1L << 31)).isEqualTo("ce 80 00 00 00");
        assertThat(value(1L << 32)).isEqualTo("cf 00 00 00 01 00 00 00 00");
        assertThat(value((byte) -1)).isEqualTo("ff");
        assertThat(value(-32)).isEqualTo("e0");
        assertThat(value(-33)).isEqualTo("d0 df");
        assertThat(value(-129)).isEqualTo("d1 ff 7f");
        assertThat(value(-32_769)).isEqualTo("d2 ff ff 7f ff");
        assertThat(value(Long.MIN_VALUE)).isEqualTo("d3 80 00 00 00 00 00 00 00");
        assertThat(value(true)).isEqualTo("c3");
        assertThat(value(false)).isEqualTo("c2");
        assertThat(value(1.5)).isEqualTo("cb 3f f8 00 00 00 00 00 00");
        assertThat(value(2.0)).isEqualTo("cb 40 00 00 00 00 00 00 00");
        assertThat(value(1.5f)).isEqualTo("ca 3f c0 00 00");
        assertThat(value(Double.NaN)).isEqualTo("cb 7f f8 00 00 00 00 00 00");
        assertThat(value('€')).isEqualTo("a3 e2 82 ac");
        assertThat(value("")).isEqualTo("a0");
        assertThat(value(new byte[] {1, 2})).isEqualTo("c4 02 01 02");
        assertThat(value(List.of(1, "x"))).isEqualTo("92 01 a1 78");
    }

    @Test
    void writesLengthsInTheirShortestForm() {
        assertThat(value("x".repeat(31))).startsWith("bf 78");
        assertThat(value("x".repeat(32))).startsWith("d9 20 78");
        assertThat(value("x".repeat(255))).startsWith("d9 ff 78");
        assertThat(value("x".repeat(256))).startsWith("da 01 00 78");
        assertThat(value("x".repeat(65_535))).startsWith("da ff ff 78");
        assertThat(value("x".repeat(65_536))).startsWith("db 00 01 00 00 78");
        assertThat(value(new byte[255])).startsWith("c4 ff 00");
        assertThat(value(new byte[256])).startsWith("c5 01 00 00");
        assertThat(value(new byte[65_536])).startsWith("c6 00 01 00 00 00");
    }

    @Test
    void writesTheLengthOfAFrameBeforeIt() {

        assertThat(hex(new StreamItem("4", "x".repeat(121)))).startsWith("80 01 94");
        assertThat(hex(new StreamItem("4", "x".repeat(120)))).startsWith("7f 94");
        assertThat(hex(new StreamItem("4", "x".repeat(16_375)))).startsWith("ff 7f 94");
        assertThat(hex(new StreamItem("4", "x".repeat(16_376)))).startsWith("80 80 01 94");
        assertThat(hex(new StreamItem("4", "x".repeat(3_000_000)))).startsWith("ca 8d b7 01 94");
    }

    private String value(@Nullable Object value) {
        var frame = protocol.write(new StreamItem("4", value));
        while (frame.get() < 0) {}
        frame.position(frame.position() + 5);
        return spaced(frame);
    }

    private String hex(HubMessage message) {
        return spaced(protocol.write(message));
    }

    private static String spaced(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
