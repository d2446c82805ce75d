package io.hubwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.fixture.FakeSocket;
import io.hubwire.server.fixture.ThreadLoop;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a server logs when it is asked to log everything. */
@Timeout(20)
class LogTest {

    private static final String END = "\u001e";

    /** What breaks a line, as JSON says it. */
    private static final String BREAK = "\\r\\n\\u001b";

    private final ThreadLoop loop = new ThreadLoop();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.hubwire.server");
    private final Lines lines = new Lines();
    private final HubServer server = HubServer.builder()
            .hub("/hub", Grumpy.class)
            .payload(new FakePayload())
            .scheduler(new FakeClock())
            .authenticator(request -> request.path().equals("/HUB")
                    ? CompletableFuture.failedFuture(new IllegalStateException("on purpose"))
                    : CompletableFuture.completedFuture(request.principal()))
            .build();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setAdditive(false);
        logger.setLevel(Level.TRACE);
        logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setLevel(null);
        logger.setAdditive(true);
        loop.close();
    }

    @Test
    void whatClientsSayStaysOnItsLineBehindTheNameOfItsConnection() {
        FakeSocket stranger = open(get("/hub"));
        stranger.say("{\"protocol\":\"strange" + BREAK + "\",\"version\":1}" + END);
        FakeSocket client = open(get("/hub"));
        client.say("{\"protocol\":\"json\",\"version\":1}" + END);
        client.say(call("No" + BREAK + "Method", "") + call("refuse", "\"for " + BREAK + "reasons\""));

        awaitUntil(() -> lines.have("strange\\u000d\\u000a\\u001b")
                && lines.have("No\\u000d\\u000a\\u001bMethod")
                && lines.have("for \\u000d\\u000a\\u001breasons"));
        assertThat(lines.all())
                .allSatisfy(line -> assertThat(line).doesNotContain("\r", "\n", "\u001b"))
                .filteredOn(line -> line.contains("Refused") || line.contains("ended by a fault"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).matches("\\[[-\\w]{22}] .*"));
    }

    @Test
    void whereAPageComesFromStaysOnItsLine() {
        FakeExchange exchange = get("/hub").upgrade().header("Origin", "https://evil.example\u0007\u2028");
        handle(exchange);

        awaitUntil(() -> lines.have("a page of https://evil.example\\u0007\\u2028,"));
    }

    @Test
    void secretsAreNeverShown() {
        FakeExchange negotiated =
                secretly(new FakeExchange(loop, "POST", "/hub/negotiate?negotiateVersion=1&x=SECRET"));
        handle(negotiated);
        awaitUntil(() -> negotiated.status() == 200);
        String token = negotiated.answer().replaceAll(".*\"connectionToken\":\"([^\"]+)\".*", "$1");
        FakeSocket client = open(secretly(get("/hub?access_token=SECRET&id=" + token)));
        client.say("{\"protocol\":\"json\",\"version\":1}" + END);
        client.say(call("refuse", "\"now\"") + call("fail", ""));
        awaitUntil(() -> lines.have("Failed to invoke hub method"));
        client.say("nonsense" + END);
        handle(secretly(get("/HUB?access_token=SECRET&id=" + token)));
        handle(secretly(get("/hub?access_token=SECRET&id=SECRET")));
        handle(secretly(new FakeExchange(loop, "POST", "/hub?id=SECRET")));
        handle(secretly(get("/hub?access_token=SECRET").upgrade().header("Origin", "https://evil.example")));

        awaitUntil(() -> lines.have("NegotiationRequest")
                && lines.have("ended by a fault")
                && lines.have("AuthenticationFailed")
                && lines.have("UnknownConnection: POST")
                && lines.have("OriginRefused"));
        assertThat(lines.inFull()).allSatisfy(line -> assertThat(line).doesNotContain("SECRET", token));
    }

    private static FakeExchange secretly(FakeExchange exchange) {
        return exchange.header("Authorization", "Bearer SECRET").header("Cookie", "session=SECRET");
    }

    private FakeExchange get(String target) {
        return new FakeExchange(loop, "GET", target);
    }

    private void handle(FakeExchange exchange) {
        assertThat(loop.call(() -> server.handle(exchange))).isTrue();
    }

    private FakeSocket open(FakeExchange exchange) {
        exchange.upgrade();
        handle(exchange);
        awaitUntil(exchange::isUpgraded);
        return exchange.socket();
    }

    private static String call(String method, String argument) {
        return "{\"type\":1,\"invocationId\":\"1\",\"target\":\"" + method + "\",\"arguments\":[" + argument + "]}"
                + END;
    }

    private static void awaitUntil(BooleanSupplier condition) {
        await().until(condition::getAsBoolean);
    }

    /** Keeps what was logged. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            // While the thread that logs waits, as an appender does that writes.
            event.prepareForDeferredProcessing();
            events.add(event);
        }

        private List<String> all() {
            return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }

        private List<String> inFull() {
            return events.stream()
                    .map(event -> event.getFormattedMessage() + thrown(event))
                    .toList();
        }

        private static String thrown(ILoggingEvent event) {
            return event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
        }

        private boolean have(String text) {
            return all().stream().anyMatch(line -> line.contains(text));
        }
    }

    /** Does nothing for anybody. */
    public static final class Grumpy extends Hub {

        public Grumpy() {}

        public void refuse(String why) {
            throw new HubException(why);
        }

        public void fail() {
            throw new IllegalStateException("on purpose");
        }
    }
}
