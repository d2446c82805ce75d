package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.spi.Pipe;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PostTest {

    private final Scene scene =
            new Scene(options -> options.maximumRequestBodySize(1000).applicationMaxBufferSize(10));
    private final String token = scene.token();

    @AfterEach
    void theRulesOfThePipeWereKept() {
        assertThat(scene.application.clients())
                .allSatisfy(client -> assertThat(client.faults()).isEmpty());
    }

    private FakeExchange slow(String text) {
        return scene.send(
                scene.onOtherLoop("POST", "/hub?id=" + token).body(text).slowBody());
    }

    @Test
    void isHeardAndAnswered() {
        scene.poll(token);

        assertThat(scene.post(token, "hello").answer()).isEqualTo("200 text/plain");
        assertThat(scene.client().heard()).containsExactly("hello");
    }

    @Test
    void mayBeEmpty() {
        scene.poll(token);

        assertThat(scene.post(token, "").answer()).isEqualTo("200 text/plain");
        assertThat(scene.client().heard()).isEmpty();
    }

    @Test
    void isHeardOnTheLoopOfTheConnection() {
        scene.poll(token);

        FakeExchange post = slow("hello");
        post.finishBody();
        scene.settle();

        assertThat(post.answer()).isEqualTo("200 text/plain");
        assertThat(scene.client().heard()).containsExactly("hello");
    }

    @Test
    void isAnsweredWhenTheApplicationGoesOn() {
        scene.poll(token);
        scene.client().beFull();

        FakeExchange post = scene.post(token, "hello");
        assertThat(scene.client().heard()).containsExactly("hello");
        assertThat(post.status()).isZero();

        scene.client().goOn();
        scene.settle();
        assertThat(post.answer()).isEqualTo("200 text/plain");
    }

    @Test
    void waitsForTheOneBefore() {
        scene.poll(token);
        FakeExchange first = slow("one");
        FakeExchange second = scene.post(token, "two");
        assertThat(scene.client().heard()).isEmpty();
        assertThat(second.isBodyAskedFor()).isFalse();

        first.finishBody();
        scene.settle();

        assertThat(scene.client().heard()).containsExactly("one", "two");
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
    }

    @Test
    void waitsUnreadWhileTheApplicationTakesNothing() {
        scene.poll(token);
        scene.client().beFull();
        scene.post(token, "one");

        FakeExchange second = scene.post(token, "two");
        assertThat(second.isBodyAskedFor()).isFalse();

        scene.client().goOn();
        scene.settle();
        assertThat(scene.client().heard()).containsExactly("one", "two");
        assertThat(second.status()).isEqualTo(200);
    }

    @Test
    void doesNotWaitForOneThatTheClientGaveUp() {
        scene.poll(token);
        FakeExchange first = slow("one");
        FakeExchange second = scene.post(token, "two");

        first.abortBody();
        scene.settle();

        assertThat(first.answer()).isEqualTo("400 text/plain");
        assertThat(second.status()).isEqualTo(200);
        assertThat(scene.client().heard()).containsExactly("two");
    }

    @Test
    void isRefusedWhenItIsTooLarge() {
        scene.poll(token);

        assertThat(scene.post(token, "x".repeat(1001)).answer()).isEqualTo("413 text/plain");
        assertThat(scene.post(token, "x".repeat(1000)).answer()).isEqualTo("200 text/plain");
        assertThat(scene.client().heard()).hasSize(1);
    }

    @Test
    void isAnsweredEvenIfItEndsTheConnection() {
        FakeExchange events = scene.events(token);
        scene.here.execute(() -> scene.client().pipe().end(Pipe.Ending.NORMAL));
        FakeExchange post = scene.post(token, "bye");

        assertThat(post.status()).isIn(200, 404);
        assertThat(events.isStreamEnded()).isTrue();
    }

    @Test
    void thatWasTakenIsAnsweredWhenTheApplicationEndsInsteadOfGoingOn() {
        scene.events(token);
        scene.client().beFull();
        FakeExchange taken = scene.post(token, "one");
        FakeExchange waiting = scene.post(token, "two");

        scene.client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        assertThat(taken.answer()).isEqualTo("200 text/plain");
        assertThat(waiting.answer()).isEqualTo("404 text/plain");
    }

    @Test
    void isRefusedWhenTheConnectionEndsWhileItIsRead() {
        scene.events(token);
        FakeExchange post = slow("one");

        scene.client().pipe().abort();
        scene.settle();
        assertThat(post.answer()).isEqualTo("404 text/plain");

        post.finishBody();
        scene.settle();
        assertThat(post.answers()).isEqualTo(1);
        assertThat(scene.client().heard()).isEmpty();
    }

    @Test
    void isRefusedWhenTheConnectionIsOverAndGone() {
        scene.events(token);
        scene.client().pipe().abort();
        scene.settle();

        assertThat(scene.post(token, "one").answer()).isEqualTo("404 text/plain No Connection with that ID");
    }

    @Nested
    class BeforeTheFirstTransportRequest {

        @Test
        void isKeptAndAnswered() {
            assertThat(scene.post(token, "one").answer()).isEqualTo("200 text/plain");
            assertThat(scene.post(token, "two").answer()).isEqualTo("200 text/plain");
            assertThat(scene.application.clients()).isEmpty();

            scene.poll(token);

            assertThat(scene.client().heard()).containsExactly("one", "two");
        }

        @Test
        void waitsUnreadWhenThereIsNoRoom() {
            assertThat(scene.post(token, "0123456789").status()).isEqualTo(200);
            FakeExchange beyond = scene.post(token, "x");
            assertThat(beyond.status()).isZero();
            assertThat(beyond.isBodyAskedFor()).isFalse();

            scene.events(token);

            assertThat(beyond.answer()).isEqualTo("200 text/plain");
            assertThat(scene.client().heard()).containsExactly("0123456789", "x");
        }

        @Test
        void waitsUnreadWhenItDoesNotSayHowLongItIs() {
            FakeExchange chunked = scene.send(scene.request("POST", "/hub?id=" + token));
            assertThat(chunked.isBodyAskedFor()).isFalse();

            scene.events(token);

            assertThat(chunked.answer()).isEqualTo("200 text/plain");
        }

        @Test
        void isKeptWithoutLimitWhereThereIsNone() {
            Scene unlimited = new Scene(options -> options.applicationMaxBufferSize(0));
            String another = unlimited.token();

            for (int i = 0; i < 10; i++) {
                assertThat(unlimited.post(another, "x".repeat(100_000)).status())
                        .isEqualTo(200);
            }
            unlimited.poll(another);

            assertThat(unlimited.client().heard()).hasSize(10);
        }

        @Test
        void isHeardInPiecesByAnApplicationThatTakesItsTime() {
            scene.post(token, "one");
            scene.post(token, "two");
            scene.application.greeting(client -> client.beFull());

            scene.poll(token);
            assertThat(scene.client().heard()).containsExactly("one");
            FakeExchange third = scene.post(token, "three");

            scene.client().goOn();
            scene.settle();
            assertThat(scene.client().heard()).containsExactly("one", "two", "three");
            assertThat(third.status()).isEqualTo(200);
        }

        @Test
        void isRefusedWhenNoTransportComes() {
            scene.post(token, "0123456789");
            FakeExchange waiting = scene.post(token, "x");

            scene.wait(Duration.ofSeconds(15));

            assertThat(waiting.answer()).isEqualTo("404 text/plain");
        }
    }
}
