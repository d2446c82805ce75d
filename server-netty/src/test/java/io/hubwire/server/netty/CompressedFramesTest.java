package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.testkit.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients compress, in order and not. */
final class CompressedFramesTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int MOST = 100_000;

    private final LoopCompression loop = new LoopCompression(
            WebSocketCompression.builder().maximumMessageSize(MOST).build(), new DeflateOnce());
    private final Heard heard = new Heard();
    private final FrameReader reader = new FrameReader(heard, new Inflation(loop, false));

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private void feed(byte[] stream, int piece) {
        byte[] rest = {};
        for (int at = 0; at < stream.length; at += piece) {
            int end = Math.min(stream.length, at + piece);
            byte[] read = ClientFrame.join(rest, Arrays.copyOfRange(stream, at, end));
            int stop = reader.read(read, 0, read.length);
            rest = Arrays.copyOfRange(read, stop, read.length);
            Arrays.fill(read, (byte) 'x'); // as the next read of another socket does
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 1_000_000})
    void areTheSameWhateverTheSplit(int piece) {
        String text = "größer €".repeat(2000);
        byte[] halves = Deflated.deflated(utf8("in halves €"));
        feed(
                ClientFrame.join(
                        Deflated.frame(ClientFrame.TEXT, utf8(text)),
                        ClientFrame.whole(ClientFrame.TEXT, utf8("plain")),
                        ClientFrame.of(Deflated.COMPRESSED | ClientFrame.TEXT, Arrays.copyOf(halves, 5)),
                        ClientFrame.whole(ClientFrame.PING, utf8("ping")),
                        ClientFrame.unfinished(ClientFrame.CONTINUATION, Arrays.copyOfRange(halves, 5, halves.length)),
                        ClientFrame.whole(ClientFrame.CONTINUATION),
                        ClientFrame.whole(ClientFrame.CLOSE)),
                piece);

        assertThat(heard.data()).isEqualTo(text + "plain" + "in halves €");
        assertThat(heard.events).containsExactly("ping", "closing");
    }

    @ParameterizedTest
    @CsvSource({
        "f248cdc9c90700, Hello",
        "000500faff48656c6c6f00, Hello",
        "f348cdc9c9070000, Hello",
        "f24805000000ffffcac9c90700, Hello",
        "00, ''",
        "0300, ''"
    })
    void areReadAsTheyMayBeWritten(String compressed, String text) {
        feed(
                ClientFrame.of(
                        Deflated.FIN | Deflated.COMPRESSED | ClientFrame.TEXT,
                        HexFormat.of().parseHex(compressed)),
                1_000);
        feed(Deflated.frame(ClientFrame.TEXT, utf8(" and on")), 1_000);

        assertThat(heard.data()).isEqualTo(text + " and on");
        assertThat(heard.events).isEmpty();
    }

    @Test
    void mayReferToThoseBeforeThemWhereThatWasAgreed() {
        FrameReader remembering = new FrameReader(heard, new Inflation(loop, true));
        Deflater deflater = new Deflater(9, true);
        for (int i = 0; i < 3; i++) {
            byte[] frame = ClientFrame.of(
                    Deflated.FIN | Deflated.COMPRESSED | ClientFrame.TEXT,
                    Deflated.deflated(deflater, utf8("again and again")));
            assertThat(frame.length).isLessThan(i == 0 ? 30 : 15);
            remembering.read(frame, 0, frame.length);
        }

        assertThat(heard.data()).isEqualTo("again and again".repeat(3));
    }

    /** A deflater that ends its stream goes on with the same window if it is told what that was. */
    @ParameterizedTest
    @ValueSource(ints = {10, 20_000, 60_000})
    void mayReferToThoseBeforeThemBehindALastBlock(int length) {
        FrameReader remembering = new FrameReader(heard, new Inflation(loop, true));
        byte[] first = new byte[length];
        new Random(1).nextBytes(first);
        byte[] second = utf8("between");
        byte[] window = ClientFrame.join(first, second);
        int from = Math.max(0, window.length - 32 * 1024);
        window = Arrays.copyOfRange(window, from, window.length);
        byte[] third = Arrays.copyOfRange(window, window.length / 32, window.length / 2);
        List<byte[]> messages = List.of(
                Deflated.ended(first, new byte[0]),
                Deflated.ended(second, first.length > 32 * 1024 ? new byte[0] : first),
                Deflated.ended(third, window),
                Deflated.ended(utf8("the end"), new byte[0]));
        for (byte[] message : messages) {
            byte[] frame = ClientFrame.of(Deflated.FIN | Deflated.COMPRESSED | ClientFrame.BINARY, message);
            remembering.read(frame, 0, frame.length);
        }

        assertThat(heard.events).isEmpty();
        assertThat(heard.came.toByteArray()).isEqualTo(ClientFrame.join(first, second, third, utf8("the end")));
        assertThat(messages.get(2).length).isLessThan(15 + third.length / 10);
    }

    @ParameterizedTest
    @CsvSource({"0xC0, a continuation", "0xC8, a close", "0xC9, a ping", "0xA1, another bit", "0xD1, another bit, too"})
    void areMessagesAlone(int first, String what) {
        feed(ClientFrame.unfinished(ClientFrame.TEXT, utf8("begun")), 100);
        feed(ClientFrame.of(first, utf8("xx")), 100);

        assertThat(heard.events).as(what).containsExactly("violation 1002");
    }

    @Test
    void areRefusedWhereNothingWasAgreed() {
        FrameReader plain = new FrameReader(heard);
        byte[] frame = Deflated.frame(ClientFrame.TEXT, utf8("x"));
        plain.read(frame, 0, frame.length);

        assertThat(heard.events).containsExactly("violation 1002");
    }

    @Test
    void mayNotBeNonsense() {
        feed(ClientFrame.of(Deflated.FIN | Deflated.COMPRESSED | ClientFrame.BINARY, utf8("\u0007nonsense")), 100);

        assertThat(heard.events).containsExactly("violation 1007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c328", "e282"})
    void areUtf8IfTheyAreText(String broken) {
        feed(Deflated.frame(ClientFrame.TEXT, HexFormat.of().parseHex("6f6b" + broken)), 100);

        assertThat(heard.events).containsExactly("violation 1007");
        assertThat(heard.data()).doesNotContain("(");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000_000})
    void stopAtTheLongestThatAMessageMayBe(int piece) {
        feed(Deflated.frame(ClientFrame.BINARY, new byte[MOST]), piece);
        assertThat(heard.events).isEmpty();
        feed(Deflated.frame(ClientFrame.BINARY, new byte[50_000_000]), piece);

        assertThat(heard.events).containsExactly("violation 1009");
        assertThat(heard.data().length()).isBetween(MOST, 2 * MOST);
    }

    @Test
    void countAsOneMessageHoweverManyFramesTheyAre() {
        byte[] bomb = Deflated.deflated(new byte[2 * MOST]);
        feed(ClientFrame.of(Deflated.COMPRESSED | ClientFrame.BINARY, bomb[0]), 100);
        for (int i = 1; i < bomb.length && heard.events.isEmpty(); i++) {
            feed(ClientFrame.unfinished(ClientFrame.CONTINUATION, bomb[i]), 100);
        }

        assertThat(heard.events).containsExactly("violation 1009");
    }

    @Test
    void waitInTheMiddleUntilTheyAreWanted() {
        heard.wantsMore = false;
        byte[] plain = new byte[MOST];
        new Random(1).nextBytes(plain);
        byte[] stream = ClientFrame.join(
                Deflated.frame(ClientFrame.BINARY, plain), ClientFrame.whole(ClientFrame.BINARY, utf8("behind")));
        int stop = reader.read(stream, 0, stream.length);
        byte[] rest = Arrays.copyOfRange(stream, stop, stream.length);
        Arrays.fill(stream, (byte) 'x');
        int pauses = 0;
        while (heard.came.size() < MOST) {
            reader.goOn();
            assertThat(++pauses).isLessThan(100);
        }
        assertThat(heard.came.toByteArray()).isEqualTo(plain);
        heard.wantsMore = true;
        reader.goOn();
        reader.read(rest, 0, rest.length);

        assertThat(pauses).isGreaterThan(3);
        assertThat(heard.data()).endsWith("behind");
        assertThat(heard.events).isEmpty();
    }

    @Test
    void neverFailWhateverComes() {
        System.out.println("fuzzing with -Dseed=" + SEED);
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] compressed = Deflated.deflated(new byte[random.nextInt(300)]);
            for (int i = random.nextInt(4); i > 0; i--) {
                compressed[random.nextInt(compressed.length)] = (byte) random.nextInt();
            }
            byte[] frame = ClientFrame.of(Deflated.FIN | Deflated.COMPRESSED | ClientFrame.TEXT, compressed);
            FrameReader fresh = new FrameReader(heard, new Inflation(loop, random.nextBoolean()));
            fresh.read(frame, 0, frame.length);
            fresh.close();
        }

        assertThat(heard.events).isSubsetOf("violation 1007", "violation 1009");
        feed(Deflated.frame(ClientFrame.TEXT, utf8("still alive")), 5);
        assertThat(heard.data()).endsWith("still alive");
    }

    private static final class Heard implements FrameReader.Listener {

        private final ByteArrayOutputStream came = new ByteArrayOutputStream();
        private final List<String> events = new ArrayList<>();
        private boolean wantsMore = true;

        @Override
        public boolean data(byte[] bytes, int from, int to) {
            came.write(bytes, from, to - from);
            return wantsMore;
        }

        @Override
        public void ping(byte[] bytes, int from, int to) {
            events.add("ping");
        }

        @Override
        public void alive() {}

        @Override
        public void closing() {
            events.add("closing");
        }

        @Override
        public void violation(int code) {
            events.add("violation " + code);
        }

        String data() {
            return came.toString(UTF_8);
        }
    }
}
