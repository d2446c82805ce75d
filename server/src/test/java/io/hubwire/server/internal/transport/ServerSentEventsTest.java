package io.hubwire.server.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.TransferFormat;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.spi.Pipe;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSentEventsTest {

    private final Scene scene = new Scene();
    private final String token = scene.token();

    @AfterEach
    void theRulesOfThePipeWereKept() {
        assertThat(scene.application.clients())
                .allSatisfy(client -> assertThat(client.faults()).isEmpty());
    }

    @Test
    void beginsWithHeadersAndAComment() {
        FakeExchange events = scene.events(token);

        assertThat(events.status()).isEqualTo(200);
        assertThat(events.answeredHeader("Content-Type")).isEqualTo("text/event-stream");
        assertThat(events.answeredHeader("Cache-Control")).isEqualTo("no-cache,no-store");
        assertThat(events.answeredHeader("Pragma")).isEqualTo("no-cache");
        assertThat(events.answeredHeader("Content-Encoding")).isEqualTo("identity");
        assertThat(events.streamed()).isEqualTo(":\r\n");
    }

    @Test
    void carriesTextOnly() {
        scene.events(token);

        assertThat(scene.client().pipe().carries(TransferFormat.TEXT)).isTrue();
        assertThat(scene.client().pipe().carries(TransferFormat.BINARY)).isFalse();
    }

    @Test
    void carriesEventsDownAndPostsUp() {
        FakeExchange events = scene.events(token);

        FakeExchange post = scene.post(token, "up");
        scene.say("{\"type\":6}\u001e");
        scene.say("zü");

        assertThat(post.answer()).isEqualTo("200 text/plain");
        assertThat(scene.client().heard()).containsExactly("up");
        assertThat(events.streamed()).isEqualTo(":\r\ndata: {\"type\":6}\u001e\r\n\r\ndata: zü\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one | data: one~~",
                "one;two | data: one~data: two~~",
                "one^;two^;three | data: one~data: two~data: three~~",
                "one; | data: one~data: ~~",
                ";one | data: ~data: one~~",
                "one^two | data: one^two~~"
            })
    void breaksLinesAtLineFeeds(String unit, String event) {
        String sent = unit.replace(';', '\n').replace('^', '\r');

        ByteBuffer framed = EventStream.event(UTF_8.encode(sent));

        assertThat(UTF_8.decode(framed).toString())
                .isEqualTo(event.replace('^', '\r').replace("~", "\r\n"));
    }

    @Test
    void beginsOnALoopOtherThanThatOfNegotiateAndHearsPostsFromThere() {
        FakeExchange events =
                scene.send(scene.onOtherLoop("GET", "/hub?id=" + token).header("Accept", "text/event-stream"));
        scene.post(token, "from here");
        scene.say("hello");

        assertThat(events.streamed()).endsWith("data: hello\r\n\r\n");
        assertThat(scene.client().heard()).containsExactly("from here");
    }

    @Test
    void sendsNoEventBeforeTheCommentIsWritten() {
        scene.application.greeting(client -> client.say("at once"));
        FakeExchange events = scene.send(
                scene.get(token).header("Accept", "text/event-stream").holdWrites());
        assertThat(events.streamed()).isEqualTo(":\r\n");

        events.endWrite(true);
        scene.settle();

        assertThat(events.streamed()).isEqualTo(":\r\ndata: at once\r\n\r\n");
    }

    @Test
    void endsTheResponseBehindWhatWaits() {
        FakeExchange events = scene.events(token);

        scene.client().say("goodbye");
        scene.client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        assertThat(events.streamed()).endsWith("data: goodbye\r\n\r\n");
        assertThat(events.isStreamEnded()).isTrue();
        assertThat(scene.client().closings()).isEqualTo(1);
        assertThat(scene.events(token).answer()).isEqualTo("404 text/plain No Connection with that ID");
    }

    @Test
    void endsForGoodWhenTheClientGoesAway() {
        FakeExchange events = scene.events(token);

        events.goAway();
        scene.settle();

        assertThat(scene.client().closings()).isEqualTo(1);
        assertThat(scene.post(token, "x").answer()).isEqualTo("404 text/plain No Connection with that ID");
    }

    @Test
    void endsForGoodWhenAWriteFails() {
        FakeExchange events = scene.send(
                scene.get(token).header("Accept", "text/event-stream").holdWrites());
        events.endWrite(true);
        scene.settle();
        scene.say("lost");

        events.endWrite(false);
        scene.settle();

        assertThat(scene.client().failedWrites()).isEqualTo(1);
        assertThat(scene.client().closings()).isEqualTo(1);
    }

    @Test
    void isCutWithoutWhatWaits() {
        FakeExchange events = scene.send(
                scene.get(token).header("Accept", "text/event-stream").holdWrites());
        events.endWrite(true);
        scene.settle();
        scene.say("one");
        scene.say("two");

        scene.client().pipe().abort();
        scene.settle();

        assertThat(events.isStreamCut()).isTrue();
        assertThat(events.streamed()).doesNotContain("two");
        assertThat(scene.client().closings()).isEqualTo(1);
    }

    @Test
    void asksTheApplicationAboutAWriteThatTakesTooLong() {
        FakeExchange events = scene.send(
                scene.get(token).header("Accept", "text/event-stream").holdWrites());
        events.endWrite(true);
        scene.settle();
        scene.say("one");

        scene.wait(Duration.ofSeconds(10));

        assertThat(scene.client().stalls()).isEqualTo(1);
    }

    @Test
    void refusesASecondStreamAndLeavesTheFirstAlone() {
        FakeExchange events = scene.events(token);

        assertThat(scene.events(token).answer()).isEqualTo("409 text/plain");
        scene.say("still here");

        assertThat(events.streamed()).endsWith("data: still here\r\n\r\n");
    }

    @Test
    void hasNoTimerWhileItHasNothingToSay() {
        scene.events(token);

        scene.say("one");
        scene.post(token, "two");

        assertThat(scene.clock.scheduled()).isZero();
    }

    @Test
    void answersFiveHundredWhenTheApplicationCannotStart() {
        scene.application.greeting(client -> {
            throw new IllegalStateException("on purpose");
        });

        assertThat(scene.events(token).answer()).isEqualTo("500 text/plain");
        assertThat(scene.events(token).status()).isEqualTo(404);
    }
}
