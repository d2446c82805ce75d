package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static io.hubwire.server.internal.dispatch.HubScene.send;
import static io.hubwire.server.internal.dispatch.HubScene.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.RateLimit;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.ServerObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that call too often. */
@Timeout(20)
class RateLimitTest {

    private static final String TOO_MANY = "HubException: The rate limit of 2 calls in PT1S was exceeded.";

    private final HubScene scene = new HubScene(Called.class);

    private FakePipe limited(RateLimit limit) {
        scene.options = HubOptions.builder().rateLimit(limit).build();
        return scene.client();
    }

    private static RateLimit twoPerSecond() {
        return RateLimit.of(2, Duration.ofSeconds(1));
    }

    @Test
    void areRefusedUntilTheirBudgetHasRefilled() {
        FakePipe client = limited(twoPerSecond());
        client.sends(call("1", "Add", "1,1") + call("2", "Add", "1,2") + call("3", "Add", "1,3"));
        assertThat(client.awaitMessages(4))
                .contains(result("1", "2"), result("2", "3"))
                .anyMatch(each -> each.contains("\"invocationId\":\"3\"") && each.contains(TOO_MANY));
        scene.clock.advance(Duration.ofMillis(500));
        client.sends(call("4", "Add", "1,4") + call("5", "Add", "1,5"));

        assertThat(client.awaitMessages(6))
                .contains(result("4", "5"))
                .anyMatch(each -> each.contains("\"invocationId\":\"5\"") && each.contains(TOO_MANY));
    }

    @Test
    void mayHaveALimitForAllTimes() {
        FakePipe client = limited(RateLimit.of(1, Duration.ofSeconds(Long.MAX_VALUE)));
        client.sends(call("1", "Add", "1,1") + call("2", "Add", "1,2"));

        assertThat(client.awaitMessages(3))
                .contains(result("1", "2"))
                .anyMatch(each -> each.contains("\"invocationId\":\"2\"") && each.contains("was exceeded."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NoSuch", "Add"})
    void areCountedByCallsThatFitNoMethodToo(String method) {
        FakePipe client = limited(twoPerSecond());
        client.sends(call("1", method, "") + call("2", method, "") + call("3", "Add", "1,2"));

        assertThat(client.awaitMessages(4)).last().asString().contains(TOO_MANY);
    }

    @Test
    void areCountedByStreamsAndSendsToo() {
        FakePipe client = limited(twoPerSecond());
        client.sends(send("Add", "1,2") + stream("Add", "1,2").replace("\"1\"", "\"2\"") + call("3", "Add", "1,2"));

        assertThat(client.awaitMessages(3)).anyMatch(each -> each.contains("\"3\"") && each.contains(TOO_MANY));
    }

    @Test
    void areToldWhyAndSentAwayWhereThatIsWanted() {
        FakePipe client = limited(twoPerSecond().closing());
        client.sends(call("1", "Add", "1,1") + call("2", "NoSuch", "") + call("3", "Add", "1,3"));

        client.awaitUntil(() -> client.ending().isPresent());
        assertThat(client.messages())
                .last()
                .isEqualTo("{\"type\":7,\"error\":\"Connection closed with an error. " + TOO_MANY + "\"}");
    }

    @Test
    void maySaveUpABurst() {
        FakePipe client = limited(twoPerSecond().withBurst(4));
        for (int i = 1; i <= 4; i++) {
            client.sends(call(String.valueOf(i), "Add", "1,1"));
        }

        assertThat(client.awaitMessages(5)).noneMatch(each -> each.contains(TOO_MANY));
    }

    @Test
    void areReported() {
        List<String> seen = new CopyOnWriteArrayList<>();
        scene.observer = new ServerObserver() {
            @Override
            public void limited(String hub, ConnectionId connection, String limit) {
                seen.add(limit);
            }
        };
        FakePipe client = limited(RateLimit.of(1, Duration.ofSeconds(1)));
        client.sends(call("1", "Add", "1,1") + call("2", "Add", "1,1"));
        client.awaitMessages(3);

        assertThat(seen).containsExactly("rateLimit");
    }

    @Test
    void haveNoLimitThatMakesNoSense() {
        assertThatThrownBy(() -> RateLimit.of(0, Duration.ofSeconds(1))).hasMessage("calls: 0 (expected: >= 1)");
        assertThatThrownBy(() -> RateLimit.of(1, Duration.ZERO)).hasMessage("period: PT0S (expected: > 0)");
        assertThatThrownBy(() -> twoPerSecond().withBurst(0)).hasMessage("burst: 0 (expected: >= 1)");
        assertThat(twoPerSecond().closing()).hasToString("2 in PT1S, 2 at once, then close");
    }

    @SuppressWarnings("MethodName")
    public static final class Called extends Hub {

        Called() {}

        public int Add(int a, int b) {
            return a + b;
        }
    }
}
