package io.hubwire.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames as nobody sends them: whatever the splits, the reader tells the same, and it never fails. */
final class FrameReaderFuzzTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int ROUNDS = 20_000;

    @Test
    void tellsTheSameOfMutatedStreamsWhateverTheSplit() {
        System.out.println("fuzzing with -Dseed=" + SEED);
        Mutations mutations = new Mutations(new Random(SEED));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = mutations.frames();
            String whole = told(stream, stream.length);
            String split = told(stream, 1 + mutations.random().nextInt(stream.length + 1));
            assertThat(split).as("seed %d, round %d", SEED, round).isEqualTo(whole);
        }
    }

    private static String told(byte[] stream, int piece) {
        Log log = new Log();
        FrameReader reader = new FrameReader(log);
        byte[] rest = {};
        for (int at = 0; at < stream.length; at += piece) {
            int end = Math.min(stream.length, at + piece);
            byte[] read = Arrays.copyOf(rest, rest.length + end - at);
            System.arraycopy(stream, at, read, rest.length, end - at);
            int stop = reader.read(read, 0, read.length);
            rest = Arrays.copyOfRange(read, stop, read.length);
            assertThat(rest.length).isLessThanOrEqualTo(FrameReader.LONGEST_REST);
        }
        return log.toString();
    }

    /** Everything but the pieces: how much data lies between two events depends on no split, but for broken text. */
    private static final class Log implements FrameReader.Listener {

        private final List<String> events = new ArrayList<>();
        private long bytes;

        @Override
        public boolean data(byte[] array, int from, int to) {
            bytes += to - from;
            return true;
        }

        @Override
        public void ping(byte[] array, int from, int to) {
            events.add(bytes + " ping " + Arrays.hashCode(Arrays.copyOfRange(array, from, to)));
        }

        @Override
        public void alive() {
            events.add(bytes + " alive");
        }

        @Override
        public void closing() {
            events.add(bytes + " closing");
        }

        @Override
        public void violation(int code) {
            events.add(code == 1007 ? "1007" : bytes + " violation " + code);
        }

        @Override
        public String toString() {
            return events.toString();
        }
    }
}
