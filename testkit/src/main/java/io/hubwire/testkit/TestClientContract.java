package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubStream;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.TestClient.Closed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a {@link TestClient} does over a host, in a protocol and over a transport. */
public abstract class TestClientContract {

    private final String protocol;
    private final TransportType transport;
    private @Nullable TestServer started;

    /**
     * For subclasses.
     *
     * @param protocol what the clients speak
     * @param transport what carries it
     */
    protected TestClientContract(String protocol, TransportType transport) {
        this.protocol = protocol;
        this.transport = transport;
    }

    /** Starts a host. */
    protected abstract TestHost start(HttpEndpoint endpoint);

    @AfterEach
    void closeServer() {
        if (started != null) {
            started.close();
        }
    }

    private TestServer server() {
        if (started == null) {
            started = TestServer.builder()
                    .host(this::start)
                    .hub("/desk", Desk.class)
                    .hub("/vault", Vault.class)
                    .start();
        }
        return started;
    }

    private ClientOptions.Builder options() {
        return ClientOptions.builder().protocol(protocol).transport(transport);
    }

    private TestClient connected() {
        return server().connect(options().build());
    }

    @Test
    void returnsWhatAMethodReturns() {
        TestClient ann = connected();

        assertThat(ann.invoke(int.class, "add", 2, 3)).isEqualTo(5);
        assertThat(ann.invoke(Note.class, "note", "tea", 2)).isEqualTo(new Note("tea", 2));
        assertThat(ann.invoke(String[].class, "words", "a b")).containsExactly("a", "b");
        assertThat(ann.invokeOptional(String.class, "nothing")).isEmpty();
        assertThat(ann.invoke(String.class, "whoAmI")).isEqualTo(ann.connectionId());
    }

    @Test
    void throwsWhatTheServerSays() {
        TestClient ann = connected();

        assertThatThrownBy(() -> ann.invoke("refuse", "no tea"))
                .isInstanceOf(HubException.class)
                .hasMessageEndingWith("HubException: no tea");
        assertThatThrownBy(() -> ann.invoke("unheardOf"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("Method does not exist.");
    }

    @Test
    void hearsWhatTheHubCallsWithTypesOfTheTestsChoice() {
        TestClient ann = connected();
        TestClient ben = connected();
        ann.send("tellOthers", "tea", 3);
        ann.send("tellOthers", "cake", 4);

        assertThat(ben.next("noted", Note.class)).isEqualTo(new Note("tea", 3));
        ReceivedCall second = ben.next("NOTED");
        assertThat(second.argument(0, Note.class)).isEqualTo(new Note("cake", 4));
        assertThat(second.arguments()).hasSize(1);
        assertThatThrownBy(() -> second.argument(1, Note.class)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> second.argument(0, Integer.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("does not fit [Integer]");
    }

    @Test
    void knowsWhatWasNotSentOnceItHasCaughtUp() {
        TestClient ann = connected();
        TestClient ben = connected();
        ann.invoke("tellOthers", "tea", 3);
        ann.catchUp();
        ben.catchUp();

        assertThat(ann.received()).isEmpty();
        assertThat(ben.received("noted")).hasSize(1);
    }

    @Test
    void readsAStreamToItsEndOrItsError() {
        TestClient ann = connected();

        assertThat(ann.stream(Integer.class, "count", 4).toList()).containsExactly(0, 1, 2, 3);
        TestStream<Integer> failing = ann.stream(Integer.class, "countAndFail", 2);
        assertThat(failing.next(2)).containsExactly(0, 1);
        assertThatThrownBy(failing::hasNext).isInstanceOf(HubException.class).hasMessageContaining("enough");
    }

    @Test
    void cancelsAStreamThatWouldGoOnForEver() {
        TestClient ann = connected();
        try (TestStream<Integer> forEver = ann.stream(int.class, "countAndWait", 3)) {
            assertThat(forEver.next(3)).containsExactly(0, 1, 2);
        }
        ann.next("stopped");
    }

    @Test
    void uploadsStreams() {
        TestClient ann = connected();

        assertThat(ann.invoke(long.class, "sum", TestClient.upload(List.of(1, 2, 3))))
                .isEqualTo(6);
        assertThat(ann.stream(String.class, "lowerEach", TestClient.upload(List.of("A", "B").stream()))
                        .toList())
                .containsExactly("a", "b");
        assertThat(ann.invoke(
                        String.class,
                        "joinAll",
                        "-",
                        TestClient.upload(List.of("a", "b").iterator())))
                .isEqualTo("a-b");
    }

    @Test
    void answersWhatTheHubAsks() {
        TestClient ann = connected();
        TestClient ben = connected();
        ben.answers("name", asked -> asked.argument(0, String.class) + " Ben");

        assertThat(ann.invoke(String.class, "askName", ben.connectionId(), "Mr"))
                .isEqualTo("Mr Ben");
        assertThatThrownBy(() -> ben.invoke("askName", ann.connectionId(), "Ms"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("Client didn't provide a result.");
    }

    @Test
    void doesWhatTheTestWantsDoneForEachCallInOrder() {
        TestClient ann = connected();
        TestClient ben = connected();
        Queue<Integer> heard = new ConcurrentLinkedQueue<>();
        ben.on("noted", call -> heard.add(call.argument(0, Note.class).count()));
        IntStream.range(0, 20).forEach(i -> ann.send("tellOthers", "tea", i));
        server().await(() -> heard.size() == 20);

        assertThat(heard)
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void failsAtTheNextWaitIfAHandlerHasFailed() {
        TestClient ann = connected();
        ann.on("noted", call -> {
            throw new AssertionError("not wanted");
        });
        server().context(Desk.class).clients().all().send("noted", 1);

        assertThatThrownBy(() -> ann.next("never"))
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("not wanted");
    }

    @Test
    void isWhomItSaysItIs() {
        assertThatThrownBy(() -> server().connect(options().path("/vault").build()))
                .isInstanceOfSatisfying(
                        ConnectRefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(401));
        TestClient ann = server().connect(options()
                .path("/vault")
                .user("Ann Lee", "keeper")
                .query("shelf", "a&b")
                .header("X-Lamp", "on")
                .build());

        assertThat(ann.invoke(String.class, "open")).isEqualTo("Ann Lee a&b on");
    }

    @Test
    void isToldWhyItIsClosed() {
        TestClient ann = connected();
        ann.send("throwMeOut");

        assertThat(ann.awaitClosed()).isEqualTo(new Closed(true, Optional.empty(), false));
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void saysGoodbyeOrVanishes() {
        TestClient ann = connected();
        TestClient ben = connected();
        ann.close();
        ben.vanish();

        server().await(() -> {
            server().clock().advance(Duration.ofSeconds(1)); // a client that polls is missed after a while
            return server().server().connectionCount(Desk.class) == 0;
        });
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void staysWhileItPingsAndIsClosedWhenItNoLongerDoes() {
        TestClient ann = connected();
        for (int i = 0; i < 8; i++) {
            server().clock().advance(Duration.ofSeconds(8));
            ann.catchUp();
        }
        if (transport == TransportType.LONG_POLLING) { // is not pinged, and its polls are signs of life
            assertThat(ann.isConnected()).isTrue();
            return;
        }
        // Not one for each interval: what waits to be written at that moment says as well that the server is there.
        ann.awaitPings(1);
        ann.stopPinging();
        server().clock().advance(Duration.ofSeconds(31));
        server().clock().advance(Duration.ofSeconds(31));

        assertThat(ann.awaitClosed().announced()).isTrue();
    }

    @Test
    void tellsWhatCameInsteadOfWhatIsWaitedFor() {
        TestClient ann =
                server().connect(options().patience(Duration.ofMillis(50)).build());
        TestClient ben = connected();
        ben.invoke("tellOthers", "tea", 3);
        ann.next("noted");

        assertThatThrownBy(() -> ann.next("said"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a call of 'said' did not come within PT0.05S; what came last: noted[")
                .hasMessageContaining("tea");
    }

    /** Nothing but things to try. */
    public static final class Desk extends Hub {

        /** A fresh instance for each call. */
        public Desk() {}

        /** Adds. */
        public int add(int a, int b) {
            return a + b;
        }

        /** Makes a value with parts. */
        public Note note(String text, int count) {
            return new Note(text, count);
        }

        /** Makes a list. */
        public List<String> words(String text) {
            return List.of(text.split(" "));
        }

        /** Returns null. */
        public Optional<String> nothing() {
            return Optional.empty();
        }

        /** Tells the caller's id. */
        public String whoAmI() {
            return context().connectionId();
        }

        /** Fails with a text for the caller. */
        public void refuse(String why) {
            throw new HubException(why);
        }

        /** Calls the others. */
        public void tellOthers(String text, int count) {
            clients().others().send("noted", new Note(text, count));
        }

        /** Counts. */
        public HubStream<Integer> count(int end) {
            return HubStream.of(out -> IntStream.range(0, end).forEach(out::send));
        }

        /** Counts, and waits until nobody wants more. */
        public HubStream<Integer> countAndWait(int end) {
            ClientProxy caller = clients().caller();
            return HubStream.of(out -> {
                try {
                    IntStream.range(0, end).forEach(out::send);
                    new CountDownLatch(1).await();
                } finally {
                    caller.send("stopped");
                }
            });
        }

        /** Counts, and fails. */
        public HubStream<Integer> countAndFail(int end) {
            return HubStream.of(out -> {
                IntStream.range(0, end).forEach(out::send);
                throw new HubException("enough");
            });
        }

        /** Adds what is uploaded. */
        public long sum(HubStream<Integer> numbers) {
            return numbers.stream().mapToLong(Integer::longValue).sum();
        }

        /** Joins what is uploaded. */
        public String joinAll(String between, HubStream<String> parts) {
            return String.join(between, parts.stream().toList());
        }

        /** Streams what is uploaded. */
        public HubStream<String> lowerEach(HubStream<String> words) {
            return HubStream.of(out -> words.transferTo(word -> out.send(word.toLowerCase(Locale.ROOT))));
        }

        /** Asks another client. */
        public String askName(String connection, String title) {
            return clients()
                    .client(connection)
                    .invoke(String.class, "name", title)
                    .join();
        }

        /** Ends the connection. */
        public void throwMeOut() {
            context().abort();
        }
    }

    /** For keepers alone. */
    @Authorize(roles = "keeper")
    public static final class Vault extends Hub {

        /** A fresh instance for each call. */
        public Vault() {}

        /** Tells who is there, and with what. */
        public String open() {
            List<String> words = new ArrayList<>();
            context().userIdentifier().ifPresent(words::add);
            context().request().query("shelf").ifPresent(words::add);
            context().request().header("X-Lamp").ifPresent(words::add);
            return String.join(" ", words);
        }
    }

    /** Something written down. */
    public record Note(String text, int count) {}
}
