package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeApplication;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.FakeSocket;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.spi.Pipe;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection that loses its socket and goes on over another. */
class ReattachTest {

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]*)\"");

    private Scene scene = new Scene(options -> options.allowStatefulReconnects(true));
    private String token = "";

    @AfterEach
    void theRulesOfThePipeWereKept() {
        assertThat(scene.application.clients())
                .allSatisfy(client -> assertThat(client.faults()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "&useStatefulReconnect=true, true",
        "&useStatefulReconnect=TRUE, true",
        "&USESTATEFULRECONNECT=True, true",
        "&useStatefulReconnect=1, false",
        "&useStatefulReconnect=yes, false",
        "&useStatefulReconnect=false, false",
        "&useStatefulReconnect=, false",
        "&useStatefulReconnect=true&useStatefulReconnect=true, false",
        "'', false"
    })
    void isGrantedToWhoeverAsksForItWithATrueBoolean(String query, boolean granted) {
        String answer = negotiate("1" + query);

        assertThat(answer.startsWith("{\"useStatefulReconnect\":true,\"negotiateVersion\":1,"))
                .isEqualTo(granted);
        assertThat(answer.contains("useStatefulReconnect")).isEqualTo(granted);
    }

    @Test
    void isGrantedWithVersionZeroToo() {
        assertThat(negotiate("0&useStatefulReconnect=true"))
                .startsWith("{\"useStatefulReconnect\":true,\"negotiateVersion\":0,");
    }

    @Test
    void isNotGrantedWhereItIsNotAllowed() {
        scene = new Scene();

        assertThat(negotiate("1&useStatefulReconnect=true")).doesNotContain("useStatefulReconnect");
    }

    @Test
    void waitsForItsClientWhenItsSocketIsLost() {
        FakeSocket first = opened();
        first.kill();
        scene.settle();
        assertThat(client().passages()).containsExactly("lost");
        assertThat(client().isClosed()).isFalse();
        scene.say("meanwhile");

        FakeExchange again = scene.upgrade(token);

        assertThat(again.status()).isEqualTo(101);
        assertThat(client().passages()).containsExactly("lost", "regained");
        assertThat(again.socket().messages()).containsExactly("text meanwhile");
        again.socket().say("up");
        scene.settle();
        assertThat(client().heard()).containsExactly("up");
    }

    @Test
    void isOverWhenNobodyComesBackInTime() {
        opened().kill();
        scene.settle();

        scene.wait(Duration.ofSeconds(16));

        assertThat(client().isClosed()).isTrue();
        assertThat(scene.upgrade(token).answer()).isEqualTo("404 - No Connection with that ID");
        assertThat(scene.clock.scheduled()).isZero();
    }

    @Test
    void takesANewSocketAtOnceThoughTheOldOneLooksAlive() {
        FakeSocket first = opened();

        FakeExchange again = scene.upgrade(token);
        scene.say("hello");

        assertThat(again.status()).isEqualTo(101);
        assertThat(first.isTerminated()).isTrue();
        assertThat(again.socket().messages()).containsExactly("text hello");
        assertThat(first.messages()).isEmpty();
        assertThat(client().passages()).containsExactly("lost", "regained");
    }

    @Test
    void goesOnWithTheLoopOfTheNewSocket() {
        FakeSocket first = opened();
        first.holdWrites();
        scene.say("held");

        FakeExchange again =
                scene.send(scene.onOtherLoop("GET", "/hub?id=" + token).upgrade());
        scene.settle();
        first.endWrite(true);
        scene.settle();
        scene.say("more");

        assertThat(client().pipe().loop()).isSameAs(scene.elsewhere);
        assertThat(again.socket().messages()).containsExactly("text held", "text more");
        assertThat(client().failedWrites()).isEqualTo(1);
        assertThat(client().delivered()).containsExactly("held", "more");
    }

    @Test
    void hearsNothingMoreFromTheOldSocket() {
        FakeSocket first = opened();
        scene.upgrade(token);

        first.say("late");
        first.close();
        scene.settle();

        assertThat(client().heard()).isEmpty();
        assertThat(client().isClosed()).isFalse();
    }

    @Test
    void isOverWhenTheClientClosesInOrder() {
        opened().close();
        scene.settle();

        assertThat(client().isClosed()).isTrue();
        assertThat(scene.upgrade(token).status()).isEqualTo(404);
    }

    @Test
    void isOverAtOnceWhenTheApplicationEndsItWithoutASocket() {
        opened().kill();
        scene.settle();

        client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        assertThat(client().isClosed()).isTrue();
        assertThat(scene.upgrade(token).status()).isEqualTo(404);
        assertThat(scene.clock.scheduled()).isZero();
    }

    @Test
    void isOverAtOnceWhenTheApplicationCutsItWithoutASocket() {
        opened().kill();
        scene.settle();

        client().pipe().abort();
        scene.settle();

        assertThat(client().closings()).isEqualTo(1);
        assertThat(scene.upgrade(token).status()).isEqualTo(404);
    }

    @Test
    void isNotToBeHadAnyMoreWhenItIsEnding() {
        FakeSocket first = opened();
        first.holdWrites();
        scene.say("last");
        client().pipe().end(Pipe.Ending.NORMAL);
        scene.settle();

        assertThat(scene.upgrade(token).status()).isEqualTo(404);
        first.endWrite(true);
        scene.settle();
        assertThat(first.messages()).containsExactly("text last", "close 1000");
    }

    @Test
    void givesUpASocketThatTakesNothingAndNotTheClient() {
        FakeSocket first = opened();
        first.holdWrites();
        scene.say("held");
        scene.wait(Duration.ofSeconds(11));

        assertThat(first.isTerminated()).isTrue();
        assertThat(client().stalls()).isZero();
        assertThat(client().passages()).containsExactly("lost");
        assertThat(scene.upgrade(token).socket().messages()).containsExactly("text held");
    }

    @Test
    void losesASocketThatDoesNotAnswerPings() {
        scene = new Scene(
                options -> options.allowStatefulReconnects(true).webSocketPingInterval(Duration.ofSeconds(5)));
        FakeSocket first = opened();
        scene.wait(Duration.ofSeconds(5));
        scene.wait(Duration.ofSeconds(5));
        scene.wait(Duration.ofSeconds(5));

        assertThat(first.isTerminated()).isTrue();
        assertThat(client().isClosed()).isFalse();
        assertThat(scene.upgrade(token).status()).isEqualTo(101);
    }

    @Test
    void waitsAgainWhenTheNewSocketIsGoneBeforeItOpens() {
        opened().kill();
        scene.settle();
        scene.wait(Duration.ofSeconds(10));
        scene.upgrade(token).socket().kill();
        scene.settle();
        scene.wait(Duration.ofSeconds(10));

        assertThat(scene.upgrade(token).status()).isEqualTo(101);
        assertThat(client().passages()).containsExactly("lost", "regained", "lost", "regained");
    }

    @Test
    void holdsTheNewSocketWhileTheApplicationIsHeldByTheOldOne() {
        FakeSocket first = opened();
        client().beFull();
        first.say("one");
        scene.settle();
        FakeSocket second = scene.upgrade(token).socket();
        second.say("two");
        second.say("three");
        scene.settle();
        assertThat(client().heard()).containsExactly("one");
        assertThat(second.isPaused()).isTrue();

        client().goOn();
        scene.settle();

        assertThat(client().heard()).containsExactly("one", "two", "three");
    }

    @Test
    void tellsOfTheNewRequestAndOfTheFirstUser() {
        negotiate("1&useStatefulReconnect=true");
        scene.send(scene.get(token).upgrade(), Optional.of(new UserPrincipal("ann", Set.of())));
        client().pipe().surviveLoss();

        scene.send(
                scene.request("GET", "/hub?second=yes&id=" + token).upgrade(),
                Optional.of(new UserPrincipal("ben", Set.of())));

        assertThat(client().pipe().request().query("second")).contains("yes");
        assertThat(client().pipe().user().orElseThrow().getName()).isEqualTo("ann");
    }

    @Test
    void isRefusedUntilTheApplicationWantsIt() {
        negotiate("1&useStatefulReconnect=true");
        FakeSocket first = scene.upgrade(token).socket();
        assertThat(scene.upgrade(token).status()).isEqualTo(409);

        first.kill();
        scene.settle();

        assertThat(client().isClosed()).isTrue();
        assertThat(scene.upgrade(token).status()).isEqualTo(404);
    }

    @Test
    void isNothingForAClientThatWasNotPromisedIt() {
        negotiate("1");
        FakeSocket first = scene.upgrade(token).socket();
        client().pipe().surviveLoss();

        first.kill();
        scene.settle();

        assertThat(client().pipe().isStateful()).isFalse();
        assertThat(client().isClosed()).isTrue();
    }

    private FakeApplication.Client client() {
        return scene.client();
    }

    private FakeSocket opened() {
        negotiate("1&useStatefulReconnect=true");
        FakeSocket socket = scene.upgrade(token).socket();
        client().pipe().surviveLoss();
        return socket;
    }

    private String negotiate(String query) {
        String answer = scene.negotiate(scene.request("POST", "/hub/negotiate?negotiateVersion=" + query))
                .text();
        Matcher matcher = TOKEN.matcher(answer);
        token = matcher.find() ? matcher.group(1) : "";
        return answer;
    }
}
