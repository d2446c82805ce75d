package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.FakeSocket;
import io.hubwire.server.spi.Pipe;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Times of an endpoint other than those that it has by itself: nothing happens just before they are over. */
class TimesTest {

    private static final Duration ODD = Duration.ofMillis(1234);
    private static final Duration JUST_BEFORE = ODD.minusMillis(1);
    private static final Duration REST = Duration.ofMillis(1);

    @Test
    void aPollWaitsAsLongAsItIsTold() {
        Scene scene = new Scene(options -> options.pollTimeout(ODD));
        String token = scene.token();
        scene.poll(token);
        FakeExchange poll = scene.poll(token);

        scene.wait(JUST_BEFORE);
        assertThat(poll.status()).isZero();
        scene.wait(REST);

        assertThat(poll.answer()).isEqualTo("200 text/plain");
    }

    @Test
    void aConnectionWithoutARequestIsKeptAsLongAsItIsTold() {
        Scene scene = new Scene(options -> options.disconnectTimeout(ODD));
        scene.poll(scene.token());

        scene.wait(JUST_BEFORE);
        assertThat(scene.client().isClosed()).isFalse();
        scene.wait(REST);

        assertThat(scene.client().isClosed()).isTrue();
    }

    @Test
    void whoeverHasNegotiatedMayConnectAsLateAsItIsTold() {
        Scene scene = new Scene(options -> options.disconnectTimeout(ODD));
        scene.token();

        scene.wait(JUST_BEFORE);
        assertThat(scene.pending.count()).isEqualTo(1);
        scene.wait(REST);

        assertThat(scene.pending.count()).isZero();
    }

    @Test
    void aWriteMayTakeAsLongAsItIsTold() {
        Scene scene = new Scene(options -> options.transportSendTimeout(ODD));
        scene.socket().holdWrites();
        scene.say("one");

        scene.wait(JUST_BEFORE);
        assertThat(scene.client().stalls()).isZero();
        scene.wait(REST);

        assertThat(scene.client().stalls()).isEqualTo(1);
    }

    @Test
    void aPeerMayTakeAsLongToCloseAsItIsTold() {
        Scene scene = new Scene(options -> options.closeTimeout(ODD));
        FakeSocket socket = scene.socket();
        scene.client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        scene.wait(JUST_BEFORE);
        assertThat(socket.isTerminated()).isFalse();
        scene.wait(REST);

        assertThat(socket.isTerminated()).isTrue();
    }
}
