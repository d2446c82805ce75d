package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.spi.Pipe;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LongPollingTest {

    private final Scene scene = new Scene();
    private final String token = scene.token();

    @AfterEach
    void theRulesOfThePipeWereKept() {
        assertThat(scene.application.clients())
                .allSatisfy(client -> assertThat(client.faults()).isEmpty());
        assertThat(scene.application.clients())
                .allSatisfy(client -> assertThat(client.closings()).isLessThan(2));
    }

    private void begin() {
        assertThat(scene.poll(token).status()).isEqualTo(200);
    }

    private FakeExchange pollElsewhere() {
        return scene.send(scene.onOtherLoop("GET", "/hub?id=" + token));
    }

    @Nested
    class APoll {

        @Test
        void isAnsweredAtOnceWithNothingWhenItIsTheFirst() {
            scene.application.greeting(client -> client.say("hello"));

            FakeExchange poll = scene.poll(token);

            assertThat(poll.answer()).isEqualTo("200 application/octet-stream");
            assertThat(scene.application.clients()).hasSize(1);
            assertThat(scene.poll(token).answer()).isEqualTo("200 application/octet-stream hello");
        }

        @Test
        void isAnsweredWithWhatWaits() {
            begin();
            scene.say("hello");

            assertThat(scene.poll(token).answer()).isEqualTo("200 application/octet-stream hello");
            assertThat(scene.client().delivered()).containsExactly("hello");
        }

        @Test
        void waitsForWhatIsToBeSaid() {
            begin();
            FakeExchange poll = scene.poll(token);
            assertThat(poll.status()).isZero();

            scene.say("hello");

            assertThat(poll.answer()).isEqualTo("200 application/octet-stream hello");
        }

        @Test
        void takesTheConnectionAlongToItsLoop() {
            begin();
            FakeExchange poll = pollElsewhere();
            assertThat(scene.client().pipe().loop()).isSameAs(scene.elsewhere);

            scene.say("hello");

            assertThat(poll.answer()).isEqualTo("200 application/octet-stream hello");
            assertThat(scene.post(token, "from here").status()).isEqualTo(200);
        }

        @Test
        void isAnsweredEmptyWhenNothingIsSaidInTime() {
            begin();
            FakeExchange poll = scene.poll(token);

            scene.wait(Duration.ofMillis(89_999));
            assertThat(poll.status()).isZero();
            scene.wait(Duration.ofMillis(1));

            assertThat(poll.answer()).isEqualTo("200 text/plain");
            assertThat(scene.poll(token).status()).isZero();
        }

        @Test
        void isAnsweredFiveHundredWhenTheApplicationCannotStart() {
            scene.application.greeting(client -> {
                throw new IllegalStateException("on purpose");
            });

            assertThat(scene.poll(token).answer()).isEqualTo("500 text/plain");
            assertThat(scene.poll(token).answer()).isEqualTo("404 text/plain No Connection with that ID");
        }

        @Test
        void thatTheClientGivesUpTakesNothingAlong() {
            begin();
            FakeExchange aborted = scene.poll(token);
            aborted.goAway();
            scene.settle();

            scene.say("hello");

            assertThat(aborted.status()).isZero();
            assertThat(scene.client().isClosed()).isFalse();
            assertThat(scene.poll(token).answer()).isEqualTo("200 application/octet-stream hello");
        }

        @Test
        void thatBreaksWhileItIsAnsweredLeavesTheMessageToTheNext() {
            begin();
            FakeExchange broken = scene.send(scene.get(token).holdWrites());
            scene.say("hello");
            broken.endWrite(false);
            scene.settle();

            assertThat(scene.client().failedWrites()).isEqualTo(1);
            assertThat(scene.client().delivered()).isEmpty();
            assertThat(scene.poll(token).answer()).isEqualTo("200 application/octet-stream hello");
            assertThat(scene.client().delivered()).containsExactly("hello");
        }

        @Test
        void thatWasGoneWhenItCameLeavesTheMessageToTheNext() {
            begin();
            FakeExchange dead = scene.get(token);
            dead.goAway();
            scene.send(dead);

            scene.say("hello");

            assertThat(scene.poll(token).answer()).isEqualTo("200 application/octet-stream hello");
        }
    }

    @Nested
    class ASecondPoll {

        @Test
        void takesOverFromTheFirst() {
            begin();
            FakeExchange first = scene.poll(token);
            FakeExchange second = scene.poll(token);
            assertThat(first.answer()).isEqualTo("204 text/plain");

            scene.say("hello");

            assertThat(second.answer()).isEqualTo("200 application/octet-stream hello");
        }

        @Test
        void takesOverOnAnotherLoop() {
            begin();
            FakeExchange first = scene.poll(token);
            FakeExchange second = pollElsewhere();
            FakeExchange third = scene.poll(token);

            scene.say("hello");

            assertThat(first.answer()).isEqualTo("204 text/plain");
            assertThat(second.answer()).isEqualTo("204 text/plain");
            assertThat(third.answer()).isEqualTo("200 application/octet-stream hello");
        }

        @Test
        void waitsUntilTheFirstIsAnswered() {
            begin();
            FakeExchange first = scene.send(scene.get(token).holdWrites());
            scene.say("one");
            scene.say("two");
            FakeExchange second = pollElsewhere();
            assertThat(second.status()).isZero();

            first.endWrite(true);
            scene.settle();

            assertThat(first.answer()).isEqualTo("200 application/octet-stream one");
            assertThat(second.answer()).isEqualTo("200 application/octet-stream two");
        }

        @Test
        void getsWhatTheFirstCouldNotTake() {
            begin();
            FakeExchange first = scene.send(scene.get(token).holdWrites());
            scene.say("one");
            FakeExchange second = pollElsewhere();

            first.endWrite(false);
            scene.settle();

            assertThat(second.answer()).isEqualTo("200 application/octet-stream one");
        }

        @Test
        void givesWayToAThirdWhileTheFirstIsAnswered() {
            begin();
            FakeExchange first = scene.send(scene.get(token).holdWrites());
            scene.say("one");
            FakeExchange second = pollElsewhere();
            FakeExchange third = scene.poll(token);
            assertThat(second.answer()).isEqualTo("204 text/plain");

            first.endWrite(true);
            scene.settle();
            scene.say("two");

            assertThat(third.answer()).isEqualTo("200 application/octet-stream two");
        }

        @Test
        void isAnsweredNoContentWhenTheFirstEndedTheConnection() {
            begin();
            FakeExchange first = scene.send(scene.get(token).holdWrites());
            scene.say("one");
            FakeExchange second = scene.poll(token);

            scene.client().pipe().abort();
            scene.settle();

            assertThat(first.status()).isEqualTo(200);
            assertThat(second.answer()).isEqualTo("204 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
        }
    }

    @Nested
    class BetweenPolls {

        @Test
        void theConnectionIsGivenUpInTheEnd() {
            begin();

            scene.wait(Duration.ofMillis(14_999));
            assertThat(scene.client().isClosed()).isFalse();
            scene.wait(Duration.ofMillis(1));

            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.poll(token).answer()).isEqualTo("404 text/plain No Connection with that ID");
            assertThat(scene.clock.scheduled()).isZero();
        }

        @Test
        void theTimeBeginsAnewAfterEachPoll() {
            begin();
            for (int i = 0; i < 10; i++) {
                scene.wait(Duration.ofSeconds(14));
                FakeExchange poll = scene.poll(token);
                scene.say("message " + i);
                assertThat(poll.text()).isEqualTo("message " + i);
            }

            assertThat(scene.client().isClosed()).isFalse();
            assertThat(scene.clock.scheduled()).isEqualTo(1);
        }

        @Test
        void postsDoNotKeepTheConnectionAlive() {
            begin();
            scene.wait(Duration.ofSeconds(10));
            scene.post(token, "x");
            scene.wait(Duration.ofSeconds(5));

            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void theTimeDoesNotPassWhileAPollWaits() {
            begin();
            scene.poll(token);

            scene.wait(Duration.ofSeconds(60));

            assertThat(scene.client().isClosed()).isFalse();
        }

        @Test
        void theTimeBeginsWhenTheClientAbortsAPoll() {
            begin();
            FakeExchange poll = scene.poll(token);
            scene.wait(Duration.ofSeconds(60));
            poll.goAway();
            scene.settle();

            scene.wait(Duration.ofSeconds(15));

            assertThat(scene.client().isClosed()).isTrue();
        }
    }

    @Nested
    class TheEnd {

        @Test
        void isToldToThePollThatWaits() {
            begin();
            FakeExchange poll = scene.poll(token);

            scene.client().pipe().end(Pipe.Ending.NORMAL);
            scene.settle();

            assertThat(poll.answer()).isEqualTo("204 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.poll(token).answer()).isEqualTo("404 text/plain No Connection with that ID");
        }

        @Test
        void comesAfterTheLastWord() {
            begin();
            FakeExchange poll = scene.poll(token);

            scene.client().say("goodbye");
            scene.client().pipe().end(Pipe.Ending.GOING_AWAY);
            scene.settle();

            assertThat(poll.answer()).isEqualTo("200 application/octet-stream goodbye");
            assertThat(scene.client().isClosed()).isFalse();
            assertThat(scene.poll(token).answer()).isEqualTo("204 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.poll(token).status()).isEqualTo(404);
        }

        @Test
        void waitsForThePollsThatFetchTheRest() {
            begin();
            scene.client().say("one");
            scene.client().say("two");
            scene.client().pipe().end(Pipe.Ending.NORMAL);
            scene.settle();

            assertThat(scene.poll(token).text()).isEqualTo("one");
            assertThat(scene.poll(token).text()).isEqualTo("two");
            assertThat(scene.poll(token).status()).isEqualTo(204);
        }

        @Test
        void doesNotWaitForEverForThem() {
            begin();
            scene.client().say("one");
            scene.client().pipe().end(Pipe.Ending.NORMAL);
            scene.settle();

            scene.wait(Duration.ofSeconds(15));

            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void refusesPostsAtOnce() {
            begin();
            scene.client().say("goodbye");
            scene.client().pipe().end(Pipe.Ending.NORMAL);
            scene.settle();

            assertThat(scene.post(token, "late").answer()).isEqualTo("404 text/plain");
            assertThat(scene.client().heard()).isEmpty();
        }

        @Test
        void byAbortIsToldToThePollThatWaits() {
            begin();
            FakeExchange poll = scene.poll(token);

            scene.client().pipe().abort();
            scene.settle();

            assertThat(poll.answer()).isEqualTo("204 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.poll(token).status()).isEqualTo(404);
        }

        @Test
        void isAnsweredWith500WhenTheServerFails() {
            begin();
            FakeExchange poll = scene.send(scene.get(token));
            scene.client().failsToReceive();
            scene.post(token, "hello");

            assertThat(poll.answer()).isEqualTo("500 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void ofAClientThatDoesNotReadItsAnswerIsTheApplicationsChoice() {
            begin();
            scene.send(scene.get(token).holdWrites());
            scene.say("hello");

            scene.wait(Duration.ofSeconds(10));
            assertThat(scene.client().stalls()).isEqualTo(1);
            scene.client().pipe().abort();
            scene.settle();

            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.poll(token).status()).isEqualTo(404);
            assertThat(scene.clock.scheduled()).isZero();
        }
    }

    @Nested
    class Delete {

        private void sayGoodbyeOnDelete() {
            scene.client().farewell(() -> {
                scene.client().say("goodbye");
                scene.client().pipe().end(Pipe.Ending.NORMAL);
            });
        }

        @Test
        void letsThePollThatWaitsHaveTheLastWord() {
            begin();
            FakeExchange poll = scene.poll(token);
            sayGoodbyeOnDelete();

            FakeExchange delete = scene.delete(token);

            assertThat(delete.answer()).isEqualTo("202 text/plain");
            assertThat(poll.answer()).isEqualTo("200 application/octet-stream goodbye");
            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.poll(token).answer()).isEqualTo("404 text/plain No Connection with that ID");
            assertThat(scene.post(token, "x").answer()).isEqualTo("404 text/plain No Connection with that ID");
            assertThat(scene.clock.scheduled()).isZero();
        }

        @Test
        void endsThePollThatWaitsWhenThereIsNothingToSay() {
            begin();
            FakeExchange poll = scene.poll(token);
            scene.client().farewell(() -> scene.client().pipe().end(Pipe.Ending.NORMAL));

            scene.delete(token);

            assertThat(poll.answer()).isEqualTo("204 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void leavesTheApplicationItsTime() {
            begin();
            FakeExchange poll = scene.poll(token);

            assertThat(scene.delete(token).status()).isEqualTo(202);
            assertThat(poll.status()).isZero();
            assertThat(scene.poll(token).status()).isEqualTo(404);

            scene.client().say("goodbye");
            scene.client().pipe().end(Pipe.Ending.NORMAL);
            scene.settle();
            assertThat(poll.text()).isEqualTo("goodbye");
            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void betweenTwoPollsEndsTheConnectionAtOnce() {
            begin();
            sayGoodbyeOnDelete();

            assertThat(scene.delete(token).status()).isEqualTo(202);

            assertThat(scene.client().hasLeft()).isTrue();
            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.poll(token).answer()).isEqualTo("404 text/plain No Connection with that ID");
            assertThat(scene.clock.scheduled()).isZero();
        }

        @Test
        void endsTheConnectionOfAnApplicationThatSaysNothing() {
            begin();
            scene.delete(token);
            assertThat(scene.client().isClosed()).isFalse();

            scene.wait(Duration.ofSeconds(15));

            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void endsThePollOfAnApplicationThatSaysNothing() {
            begin();
            FakeExchange poll = scene.poll(token);
            scene.delete(token);

            scene.wait(Duration.ofSeconds(90));

            assertThat(poll.answer()).isEqualTo("204 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void whileAPollIsAnsweredLeavesTheLastWordToTheNextThatIsThere() {
            begin();
            FakeExchange first = scene.send(scene.get(token).holdWrites());
            scene.say("hello");
            FakeExchange second = scene.poll(token);
            sayGoodbyeOnDelete();
            scene.delete(token);

            first.endWrite(true);
            scene.settle();

            assertThat(first.text()).isEqualTo("hello");
            assertThat(second.text()).isEqualTo("goodbye");
            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void whileAPollIsAnsweredEndsBehindIt() {
            begin();
            FakeExchange first = scene.send(scene.get(token).holdWrites());
            scene.say("hello");
            sayGoodbyeOnDelete();
            scene.delete(token);
            assertThat(scene.client().isClosed()).isFalse();

            first.endWrite(true);
            scene.settle();

            assertThat(scene.client().isClosed()).isTrue();
            assertThat(scene.client().delivered()).containsExactly("hello");
        }

        @Test
        void andAPollOnTheirWayTogetherEndWell() {
            begin();
            sayGoodbyeOnDelete();
            FakeExchange delete = scene.request("DELETE", "/hub?id=" + token);
            FakeExchange poll = scene.get(token);
            // Both have found the connection before either has got to it.
            scene.here.execute(() -> {
                scene.connections.transport(
                        delete, io.hubwire.server.spi.ConnectionRequest.of(delete), java.util.Optional.empty());
                scene.connections.transport(
                        poll, io.hubwire.server.spi.ConnectionRequest.of(poll), java.util.Optional.empty());
            });
            scene.settle();

            assertThat(delete.status()).isEqualTo(202);
            assertThat(poll.answer()).isEqualTo("404 text/plain");
            assertThat(scene.client().isClosed()).isTrue();
        }

        @Test
        void refusesPostsThatWait() {
            begin();
            scene.client().beFull();
            FakeExchange waiting = scene.post(token, "one");
            FakeExchange behind = scene.post(token, "two");

            scene.delete(token);

            assertThat(waiting.answer()).isEqualTo("404 text/plain");
            assertThat(behind.answer()).isEqualTo("404 text/plain");
            assertThat(scene.client().heard()).containsExactly("one");
        }
    }
}
