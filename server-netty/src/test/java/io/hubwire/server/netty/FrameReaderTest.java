package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.testkit.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameReaderTest {

    private final Heard heard = new Heard();
    private final FrameReader reader = new FrameReader(heard);

    @Test
    void tellsTheSameOfEverySplitOfAStream() {
        byte[] stream = ClientFrame.join(
                text("größer €"),
                ClientFrame.unfinished(ClientFrame.TEXT, utf8("a€", 0, 2)),
                ClientFrame.whole(ClientFrame.PING, ascii("ping")),
                ClientFrame.unfinished(ClientFrame.CONTINUATION, utf8("a€", 2, 3)),
                ClientFrame.whole(ClientFrame.PONG),
                ClientFrame.whole(ClientFrame.CONTINUATION, utf8("a€", 3, 4)),
                ClientFrame.whole(ClientFrame.BINARY, new byte[200]),
                ClientFrame.whole(ClientFrame.TEXT),
                ClientFrame.whole(ClientFrame.CLOSE, close(1000, "bye")));
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second += 7) {
                Heard inPieces = new Heard();
                feed(new FrameReader(inPieces), stream, first, second);
                assertThat(inPieces.events()).containsExactly("ping:ping", "alive", "alive", "closing");
                assertThat(inPieces.data()).isEqualTo("größer €a€" + "\0".repeat(200));
            }
        }
    }

    @Test
    void readsAStreamByteByByte() {
        byte[] stream = ClientFrame.join(text("x".repeat(70_000)), ClientFrame.whole(ClientFrame.CLOSE));
        byte[] rest = {};
        for (byte next : stream) {
            rest = Arrays.copyOf(rest, rest.length + 1);
            rest[rest.length - 1] = next;
            int stop = reader.read(rest, 0, rest.length);
            rest = Arrays.copyOfRange(rest, stop, rest.length);
            assertThat(rest.length).isLessThanOrEqualTo(FrameReader.LONGEST_REST);
        }

        assertThat(heard.data()).isEqualTo("x".repeat(70_000));
        assertThat(heard.events()).containsExactly("closing");
    }

    private static void feed(FrameReader reader, byte[] stream, int... splits) {
        byte[] rest = {};
        int from = 0;
        for (int i = 0; i <= splits.length; i++) {
            int to = i < splits.length ? splits[i] : stream.length;
            byte[] read = ClientFrame.join(rest, Arrays.copyOfRange(stream, from, to));
            int stop = reader.read(read, 0, read.length);
            rest = Arrays.copyOfRange(read, stop, read.length);
            from = to;
        }
    }

    @Test
    void stopsBehindThePieceAfterWhichNothingMayCome() {
        byte[] stream = ClientFrame.join(text("one"), text("two"), text("three"));
        heard.refuse(1);
        int stop = reader.read(stream, 0, stream.length);

        assertThat(heard.data()).isEqualTo("one");
        assertThat(stop).isEqualTo(text("one").length);
        assertThat(reader.read(stream, stop, stream.length)).isEqualTo(stream.length);
        assertThat(heard.data()).isEqualTo("onetwothree");
    }

    @Test
    void tellsNothingAfterAClose() {
        byte[] stream = ClientFrame.join(ClientFrame.whole(ClientFrame.CLOSE), text("late"));

        assertThat(reader.read(stream, 0, stream.length)).isEqualTo(stream.length);
        assertThat(reader.read(text("later"), 0, 11)).isEqualTo(11);
        assertThat(heard.events()).containsExactly("closing");
        assertThat(heard.data()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "818500000000,                      , 5 bytes of text to come",
        "82fe000000000000,                  , a length of 0 in two bytes",
        "82ff000000000000000000000000,      , a length of 0 in eight bytes",
        "817d00000000,                  1002, no mask",
        "8100,                          1002, empty without mask",
        "918000000000,                  1002, third reserved bit",
        "a18000000000,                  1002, second reserved bit",
        "c18000000000,                  1002, first reserved bit",
        "838000000000,                  1002, unknown data opcode",
        "878000000000,                  1002, unknown data opcode",
        "8b8000000000,                  1002, unknown control opcode",
        "8f8000000000,                  1002, unknown control opcode",
        "098000000000,                  1002, ping in fragments",
        "088000000000,                  1002, close in fragments",
        "89fe007e00000000,              1002, ping of 126 bytes",
        "88fe007e00000000,              1002, close of 126 bytes",
        "808000000000,                  1002, continuation of nothing",
        "018000000000818000000000,      1002, text within a message",
        "018000000000828000000000,      1002, bytes within a message",
        "82ff800000000000000000000000,  1002, length with sign",
        "88810000000001,                1002, close with half a code",
        "88820000000003e7,              1002, close code 999",
        "88820000000003ec,              1002, close code 1004",
        "88820000000003ed,              1002, close code 1005",
        "88820000000003ee,              1002, close code 1006",
        "88820000000003f7,              1002, close code 1015",
        "8882000000000bb7,              1002, close code 2999",
        "888200000000138c,              1002, close code 5004",
        "88830000000003e8ff,            1007, close reason that is not UTF-8",
        "818100000000ff,                1007, text that is not UTF-8",
        "818100000000c3,                1007, text that ends within a character",
        "018100000000c3808000000000,    1007, fragments that end within a character",
        "018100000000c3808100000000c3,  1007, fragments that are not UTF-8",
    })
    void closesOnWhatIsNotInOrder(String hex, @Nullable Integer code, String what) {
        byte[] stream = HexFormat.of().parseHex(hex);
        reader.read(stream, 0, stream.length);

        List<String> violations = heard.events().stream()
                .filter(event -> event.startsWith("violation"))
                .toList();
        assertThat(violations).as(what).isEqualTo(code == null ? List.of() : List.of("violation:" + code));
    }

    @Test
    void seesThatAFrameIsNotInOrderBeforeItIsComplete() {
        reader.read(new byte[] {(byte) 0x83, (byte) 0x85}, 0, 2);

        assertThat(heard.events()).containsExactly("violation:1002");
    }

    @Test
    void deliversNothingOfTheFrameThatBreaksAText() {
        byte[] stream = ClientFrame.join(
                ClientFrame.unfinished(ClientFrame.TEXT, ascii("good ")),
                ClientFrame.whole(ClientFrame.CONTINUATION, new byte[] {'b', 'a', 'd', (byte) 0xff}));
        reader.read(stream, 0, stream.length);

        assertThat(heard.data()).isEqualTo("good ");
        assertThat(heard.events()).containsExactly("violation:1007");
    }

    @Test
    void doesNotMindBytesThatAreNotUtf8InABinaryMessage() {
        byte[] stream = ClientFrame.whole(ClientFrame.BINARY, new byte[] {(byte) 0xff, (byte) 0xc3});
        reader.read(stream, 0, stream.length);

        assertThat(heard.events()).isEmpty();
        assertThat(heard.length()).isEqualTo(2);
    }

    private static byte[] text(String text) {
        return ClientFrame.whole(ClientFrame.TEXT, text.getBytes(UTF_8));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] utf8(String text, int from, int to) {
        return Arrays.copyOfRange(text.getBytes(UTF_8), from, to);
    }

    private static byte[] close(int code, String reason) {
        return ClientFrame.join(new byte[] {(byte) (code >> 8), (byte) code}, reason.getBytes(UTF_8));
    }

    /** What a reader told. */
    private static final class Heard implements FrameReader.Listener {

        private final List<String> events = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int refusals;

        void refuse(int times) {
            refusals = times;
        }

        List<String> events() {
            return events;
        }

        String data() {
            return bytes.toString(UTF_8);
        }

        int length() {
            return bytes.size();
        }

        @Override
        public boolean data(byte[] array, int from, int to) {
            assertThat(from).isLessThan(to);
            bytes.write(array, from, to - from);
            return refusals-- <= 0;
        }

        @Override
        public void ping(byte[] array, int from, int to) {
            events.add("ping:" + new String(array, from, to - from, UTF_8));
        }

        @Override
        public void alive() {
            events.add("alive");
        }

        @Override
        public void closing() {
            events.add("closing");
        }

        @Override
        public void violation(int code) {
            events.add("violation:" + code);
        }
    }
}
