package io.hubwire.server.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** How much room messages take that stand one behind the other. */
class RunTest {

    private static final int MOST = 1 << 16;

    private final Run run = new Run(ByteBuffer.allocate(100));

    @Test
    void takesNoMoreRoomThanItsFirstMessageBrings() {
        assertThat(room()).isEqualTo(100);
    }

    @Test
    void growsToWhatIsUsual() {
        add(1, 1_000);

        assertThat(room()).isEqualTo(1_000);
    }

    @Test
    void growsByLeapsWhereMuchIsUsual() {
        add(1, MOST);

        assertThat(room()).isEqualTo(200 * 16);
    }

    @Test
    void growsToNoMoreThanAFrame() {
        add(600, MOST);

        assertThat(run.size()).isEqualTo(60_100);
        assertThat(room()).isEqualTo(MOST);
        assertThat(run.takes(MOST - 60_100, MOST)).isTrue();
        assertThat(run.takes(MOST - 60_100 + 1, MOST)).isFalse();
    }

    @Test
    void takesNoMoreRoomThanItNeedsWhenItStays() {
        add(3, MOST);
        run.seal(true);

        assertThat(room()).isEqualTo(400);
        assertThat(run.takes(1, MOST)).isFalse();
    }

    @Test
    void isNotCopiedWhenItGoesOutAtOnce() {
        add(3, MOST);
        ByteBuffer before = run.bytes();
        run.seal(false);
        before.put(0, (byte) 7);

        assertThat(run.bytes().get(0)).isEqualTo((byte) 7);
    }

    @Test
    void takesLessRoomWhenMostOfItHasArrived() {
        add(9, MOST);
        run.seal(true);
        run.drop(8);

        assertThat(run.count()).isEqualTo(2);
        assertThat(run.size()).isEqualTo(200);
        assertThat(room()).isEqualTo(200);
    }

    private void add(int messages, int usual) {
        for (int i = 0; i < messages; i++) {
            run.add(ByteBuffer.allocate(100), MOST, usual, true);
        }
    }

    private int room() {
        return run.bytes().array().length;
    }
}
