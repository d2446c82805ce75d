package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.TransferFormat;
import io.hubwire.server.fixture.FakeApplication;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.FakeSocket;
import io.hubwire.server.spi.Pipe;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketTransportTest {

    private Scene scene = new Scene();

    @AfterEach
    void theRulesOfThePipeWereKept() {
        assertThat(scene.application.clients())
                .allSatisfy(client -> assertThat(client.faults()).isEmpty());
    }

    @Test
    void opensForANegotiatedConnection() {
        FakeExchange upgrade = scene.upgrade(scene.token());

        assertThat(upgrade.status()).isEqualTo(101);
        assertThat(scene.client().pipe().carries(TransferFormat.BINARY)).isTrue();
    }

    @Test
    void opensWithoutNegotiationUnderANewId() {
        scene.socket();

        assertThat(scene.client().pipe().id().value()).hasSize(22);
        assertThat(scene.connections.table().size()).isZero();
    }

    @Test
    void opensOnALoopOtherThanThatOfNegotiate() {
        String token = scene.token();

        FakeExchange upgrade =
                scene.send(scene.onOtherLoop("GET", "/hub?id=" + token).upgrade());
        scene.say("hello");

        assertThat(upgrade.socket().messages()).containsExactly("text hello");
        assertThat(scene.client().pipe().loop()).isSameAs(scene.elsewhere);
    }

    @Test
    void carriesMessagesBothWays() {
        FakeSocket socket = scene.socket();

        socket.say("up");
        socket.say("and up");
        scene.say("down");
        scene.say("and down");

        assertThat(scene.client().heard()).containsExactly("up", "and up");
        assertThat(socket.messages()).containsExactly("text down", "text and down");
        assertThat(scene.client().delivered()).containsExactly("down", "and down");
    }

    @Test
    void sendsEverythingThatWaitsOneMessageAfterTheOther() {
        FakeSocket socket = scene.socket();
        for (int i = 0; i < 100; i++) {
            scene.client().say("m" + i);
        }

        scene.settle();

        assertThat(socket.messages()).hasSize(100).startsWith("text m0").endsWith("text m99");
    }

    @Test
    void sendsBinaryMessagesInABinaryFormat() {
        FakeSocket socket = scene.socket();

        scene.client().pipe().format(TransferFormat.BINARY);
        scene.say("hello");

        assertThat(socket.messages()).containsExactly("binary hello");
    }

    @Test
    void sendsTheNextOnlyWhenTheLastIsWritten() {
        FakeSocket socket = scene.socket();
        socket.holdWrites();

        scene.say("one");
        scene.say("two");
        assertThat(socket.messages()).containsExactly("text one");

        socket.endWrite(true);
        scene.settle();
        assertThat(socket.messages()).containsExactly("text one", "text two");
    }

    @Test
    void stopsReadingUntilTheApplicationGoesOn() {
        FakeSocket socket = scene.socket();
        scene.client().beFull();

        socket.say("one");
        socket.say("two");
        scene.settle();
        assertThat(scene.client().heard()).containsExactly("one");
        assertThat(socket.isPaused()).isTrue();

        scene.client().goOn();
        scene.settle();
        assertThat(scene.client().heard()).containsExactly("one", "two");
    }

    @Test
    void goesOnReadingWhenToldSoBeforeTheHostHasStopped() {
        FakeSocket socket = scene.socket();
        FakeApplication.Client client = scene.client();
        client.beFull();
        // Said by another thread while the piece is being heard, so before received() has returned false.
        client.pipe().resume();

        socket.say("one");
        socket.say("two");
        scene.settle();
        client.goOn();
        scene.settle();

        assertThat(client.heard()).containsExactly("one", "two");
    }

    @ParameterizedTest
    @CsvSource({"NORMAL, 1000", "GOING_AWAY, 1001", "ERROR, 1011"})
    void closesBehindWhatWaits(Pipe.Ending ending, int code) {
        FakeSocket socket = scene.socket();

        scene.client().say("goodbye");
        scene.client().pipe().end(ending);
        scene.settle();

        assertThat(socket.messages()).containsExactly("text goodbye", "close " + code);
        assertThat(scene.client().isClosed()).isFalse();

        socket.close();
        scene.settle();
        assertThat(scene.client().closings()).isEqualTo(1);
        assertThat(socket.isTerminated()).isFalse();
    }

    @Test
    void closesBehindAWriteThatTakesItsTime() {
        FakeSocket socket = scene.socket();
        socket.holdWrites();
        scene.client().say("one");
        scene.client().say("two");
        scene.client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();
        assertThat(socket.messages()).containsExactly("text one");

        socket.endWrite(true);
        scene.settle();

        assertThat(socket.messages()).containsExactly("text one", "text two", "close 1000");
    }

    @Test
    void closesBehindWhatIsSaidJustWhenItHasFoundNothing() {
        FakeSocket socket = scene.socket();
        scene.client().afterSilence(() -> {
            scene.client().say("goodbye");
            scene.client().pipe().end(Pipe.Ending.NORMAL);
        });

        scene.client().pipe().ready();
        scene.settle();

        assertThat(socket.messages()).containsExactly("text goodbye", "close 1000");
    }

    @Test
    void hearsTheFirstEndingOnly() {
        FakeSocket socket = scene.socket();

        scene.client().pipe().end(Pipe.Ending.GOING_AWAY);
        scene.client().pipe().end(Pipe.Ending.ERROR);
        scene.settle();

        assertThat(socket.closeCode()).isEqualTo(1001);
    }

    @Test
    void receivesNothingAfterItsEnd() {
        FakeSocket socket = scene.socket();
        scene.client().pipe().end(Pipe.Ending.NORMAL);

        socket.say("late");
        scene.settle();

        assertThat(scene.client().heard()).isEmpty();
    }

    @Test
    void readsTheAnswerToItsCloseFrameEvenWhereItHadStoppedReading() {
        FakeSocket socket = scene.socket();
        scene.client().beFull();
        socket.say("one");
        scene.settle();

        scene.client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        assertThat(socket.isPaused()).isFalse();
    }

    @Test
    void cutsTheSocketOfAClientThatDoesNotAnswerTheCloseFrame() {
        FakeSocket socket = scene.socket();
        scene.client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        scene.wait(Duration.ofMillis(4_999));
        assertThat(socket.isTerminated()).isFalse();

        scene.wait(Duration.ofMillis(1));
        assertThat(socket.isTerminated()).isTrue();
        assertThat(scene.client().closings()).isEqualTo(1);
        assertThat(scene.clock.scheduled()).isZero();
    }

    @Test
    void isUnknownAsSoonAsItHasClosed() {
        String token = scene.token();
        scene.upgrade(token);
        scene.client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        assertThat(scene.upgrade(token).answer()).isEqualTo("404 - No Connection with that ID");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void endsWhenThePeerHasClosedOrIsLost(boolean clean) {
        String token = scene.token();
        FakeSocket socket = scene.upgrade(token).socket();

        if (clean) {
            socket.close();
        } else {
            socket.kill();
        }
        scene.settle();

        assertThat(scene.client().closings()).isEqualTo(1);
        assertThat(socket.messages()).isEmpty();
        assertThat(scene.upgrade(token).status()).isEqualTo(404);
    }

    @Test
    void isCutWithoutWhatWaits() {
        FakeSocket socket = scene.socket();
        socket.holdWrites();
        scene.say("one");
        scene.say("two");

        scene.client().pipe().abort();
        scene.client().pipe().abort();
        scene.settle();

        assertThat(socket.isTerminated()).isTrue();
        assertThat(socket.messages()).containsExactly("text one");
        assertThat(scene.client().closings()).isEqualTo(1);
    }

    @Test
    void saysNothingAboutAWriteThatEndsBehindTheConnection() {
        FakeSocket socket = scene.socket();
        socket.holdWrites();
        scene.say("one");
        scene.client().pipe().abort();
        scene.settle();

        socket.endWrite(false);
        scene.settle();

        assertThat(scene.client().failedWrites()).isZero();
    }

    @Test
    void tellsOfAFailedWriteAndEnds() {
        FakeSocket socket = scene.socket();
        socket.holdWrites();
        scene.say("one");

        socket.endWrite(false);
        scene.settle();

        assertThat(scene.client().failedWrites()).isEqualTo(1);
        assertThat(scene.client().closings()).isEqualTo(1);
        assertThat(socket.isTerminated()).isTrue();
    }

    @Test
    void asksTheApplicationAboutAWriteThatTakesTooLongAgainAndAgain() {
        FakeSocket socket = scene.socket();
        socket.holdWrites();
        scene.say("one");

        scene.wait(Duration.ofMillis(9_999));
        assertThat(scene.client().stalls()).isZero();
        scene.wait(Duration.ofMillis(1));
        assertThat(scene.client().stalls()).isEqualTo(1);
        scene.wait(Duration.ofSeconds(10));
        assertThat(scene.client().stalls()).isEqualTo(2);

        scene.client().pipe().abort();
        scene.settle();
        assertThat(socket.isTerminated()).isTrue();
        assertThat(scene.clock.scheduled()).isZero();
    }

    @Test
    void hasNoTimerWhileItHasNothingToSay() {
        FakeSocket socket = scene.upgrade(scene.token()).socket();
        scene.say("one");
        socket.say("two");
        scene.settle();
        assertThat(scene.clock.scheduled()).isZero();

        socket.holdWrites();
        scene.say("three");
        assertThat(scene.clock.scheduled()).isEqualTo(1);

        socket.endWrite(true);
        scene.settle();
        assertThat(scene.clock.scheduled()).isZero();
    }

    @Test
    void refusesASecondSocketAndLeavesTheFirstAlone() {
        String token = scene.token();
        FakeSocket socket = scene.upgrade(token).socket();

        assertThat(scene.upgrade(token).answer()).isEqualTo("409 text/plain");
        scene.say("still here");

        assertThat(socket.messages()).containsExactly("text still here");
        assertThat(scene.application.clients()).hasSize(1);
    }

    @Test
    void acceptsNoSubProtocolUnlessOneIsPicked() {
        FakeExchange plain =
                scene.send(scene.request("GET", "/hub").upgrade().header("Sec-WebSocket-Protocol", "a, b"));
        assertThat(plain.subProtocol()).isEmpty();

        Scene picking = new Scene(options -> options.subProtocolSelector(
                asked -> asked.stream().filter("b"::equals).findFirst()));
        FakeExchange picked = picking.send(picking.request("GET", "/hub")
                .upgrade()
                .header("Sec-WebSocket-Protocol", "a, b")
                .header("Sec-WebSocket-Protocol", "c"));
        assertThat(picked.subProtocol()).isEqualTo(Optional.of("b"));
    }

    @Test
    void pingsASilentPeerAndCutsItWhenItStaysSilent() {
        scene = new Scene(options -> options.webSocketPingInterval(Duration.ofSeconds(30)));
        FakeSocket socket = scene.socket();

        socket.say("a sign of life");
        scene.wait(Duration.ofSeconds(30));
        assertThat(socket.pings()).isZero();
        scene.wait(Duration.ofSeconds(30));
        assertThat(socket.pings()).isEqualTo(1);
        socket.pong();
        scene.wait(Duration.ofSeconds(30));
        assertThat(socket.pings()).isEqualTo(1);
        scene.wait(Duration.ofSeconds(30));
        assertThat(socket.pings()).isEqualTo(2);
        assertThat(socket.isTerminated()).isFalse();

        scene.wait(Duration.ofSeconds(30));
        assertThat(socket.isTerminated()).isTrue();
        assertThat(scene.client().closings()).isEqualTo(1);
        assertThat(scene.clock.scheduled()).isZero();
    }

    @Test
    void doesNotBlameAPeerForItsSilenceWhileNobodyReads() {
        scene = new Scene(options -> options.webSocketPingInterval(Duration.ofSeconds(30)));
        FakeSocket socket = scene.socket();
        scene.client().beFull();
        socket.say("one");
        scene.settle();

        scene.wait(Duration.ofMinutes(10));

        assertThat(socket.isTerminated()).isFalse();
    }

    @Test
    void closesWithAnErrorWhenTheApplicationCannotStart() {
        scene.application.greeting(client -> {
            throw new IllegalStateException("on purpose");
        });

        FakeSocket socket = scene.socket();

        assertThat(socket.closeCode()).isEqualTo(1011);
        scene.wait(Duration.ofSeconds(5));
        assertThat(socket.isTerminated()).isTrue();
    }

    @Test
    void isCutWhenTheApplicationFailsAndHarmsNobodyElse() {
        FakeSocket failing = scene.socket();
        scene.client().afterSilence(() -> {
            throw new IllegalStateException("on purpose");
        });
        FakeSocket other = scene.socket();

        scene.application.clients().getFirst().pipe().ready();
        scene.application.clients().getLast().say("hello");
        scene.settle();

        assertThat(failing.isTerminated()).isTrue();
        assertThat(scene.application.clients().getFirst().closings()).isEqualTo(1);
        assertThat(other.messages()).containsExactly("text hello");
    }

    @Test
    void hearsWhatWasPostedBeforeTheSocketCame() {
        String token = scene.token();
        assertThat(scene.post(token, "early").answer()).isEqualTo("200 text/plain");

        FakeSocket socket = scene.upgrade(token).socket();
        socket.say("later");
        scene.settle();

        assertThat(scene.client().heard()).containsExactly("early", "later");
    }

    @Test
    void endsWhenTheClientIsGoneBeforeTheUpgrade() {
        String token = scene.token();
        FakeExchange upgrade = scene.get(token).upgrade();
        upgrade.goAway();
        scene.send(upgrade);
        scene.settle();

        if (upgrade.isUpgraded()) {
            upgrade.socket().kill();
            scene.settle();
        }
        assertThat(scene.connections.table().size()).isZero();
    }
}
