package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.UserPrincipal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TestServerTest {

    @Test
    void waitsForNobodyToTurnItsLoop() {
        try (TestServer server = TestServer.of(Greeter.class)) {
            TestClient ann = server.connect();
            ann.answers("name", asked -> "Ann");

            assertThat(server.context(Greeter.class)
                            .clients()
                            .client(ann.connectionId())
                            .invoke(String.class, "name")
                            .join())
                    .isEqualTo("Ann");
        }
    }

    @Test
    void endsThoughAClientHasVanishedThatPolled() {
        try (TestServer server = TestServer.of(Greeter.class)) {
            server.connect(options -> options.transport(TransportType.LONG_POLLING))
                    .vanish();
        }
    }

    @Test
    void leavesUsersToAnAuthenticatorOfTheServersOwn() {
        try (TestServer server = TestServer.builder()
                .hub("/greeter", Greeter.class)
                .server(hubs -> hubs.authenticator(request -> CompletableFuture.completedFuture(
                        request.bearerToken().map(name -> new UserPrincipal(name, Set.of())))))
                .start()) {
            assertThat(server.connect(options -> options.accessToken("Ann")).invoke(String.class, "me"))
                    .isEqualTo("Ann");
            assertThatThrownBy(() -> server.connect(options -> options.user("Ann")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("accessToken");
        }
    }

    @Test
    void letsTimePassByItselfIfItIsToldTo() {
        try (TestServer server =
                TestServer.builder().hub("/greeter", Greeter.class).realTime().start()) {
            assertThat(server.connect().invoke(String.class, "hello", "Ann")).isEqualTo("Hello Ann");
            assertThatThrownBy(server::clock).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesWhatOptionsCannotBe() {
        ClientOptions.Builder options = ClientOptions.builder();

        assertThatThrownBy(() -> options.path("chat")).hasMessage("path: chat (expected: a leading slash)");
        assertThatThrownBy(() -> options.protocol("xml")).hasMessage("protocol: xml (expected: json or messagepack)");
        assertThatThrownBy(() -> options.patience(Duration.ZERO)).hasMessage("patience: PT0S (expected: > 0)");
        assertThatThrownBy(() -> options.keepAliveInterval(Duration.ofSeconds(-1)))
                .hasMessage("keepAliveInterval: PT-1S (expected: >= 0)");
        options.protocol("messagepack").transport(TransportType.SERVER_SENT_EVENTS);
        assertThatThrownBy(options::build)
                .hasMessage("protocol: messagepack (expected: ServerSentEvents carries [TEXT])");
        assertThat(ClientOptions.builder().accessToken("secret").build().toString())
                .doesNotContain("secret");
    }

    @Nested
    @HubTest(Greeter.class)
    final class AnAnnotation {

        @Test
        void givesATestAServerAndAsManyClientsAsItHasParameters(
                TestServer server, TestClient ann, @AsUser("Ben") TestClient ben) {
            assertThat(ann.invoke(String.class, "hello", "Ann")).isEqualTo("Hello Ann");
            assertThat(ben.next("greeted", String.class)).isEqualTo("Ann");
            assertThat(ben.invoke(String.class, "me")).isEqualTo("Ben");
            assertThat(server.server().connectionCount(Greeter.class)).isEqualTo(2);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    final class AnExtensionOfAClass {

        private static final AtomicInteger STARTED = new AtomicInteger();

        @RegisterExtension
        static final TestServerExtension GREETER = new TestServerExtension(() -> {
            STARTED.incrementAndGet();
            return TestServer.of(Greeter.class);
        });

        @BeforeEach
        void nobodyIsLeft() {
            assertThat(GREETER.server().clients()).isEmpty();
        }

        @Test
        void closesTheClientsOfATest(TestClient ann) {
            assertThat(ann.isConnected()).isTrue();
        }

        @Test
        void servesEveryTest(TestServer server) {
            assertThat(server).isSameAs(GREETER.server());
            assertThat(GREETER.server().connect().isConnected()).isTrue();
        }

        @AfterAll
        void startedOneServer() {
            assertThat(STARTED).hasValue(1);
        }
    }

    @Nested
    final class AnExtensionOfATest {

        @RegisterExtension
        final TestServerExtension greeter = new TestServerExtension(() -> TestServer.of(Greeter.class));

        @Test
        void startsAServerForATest(TestServer server) {
            assertThat(server).isSameAs(greeter.server());
            assertThat(server.connect().invokeOptional(String.class, "me")).isEqualTo(Optional.empty());
        }
    }

    /** Greets whoever says hello. */
    public static final class Greeter extends Hub {

        /** A fresh instance for each call. */
        public Greeter() {}

        /** Tells the others, and answers. */
        public String hello(String name) {
            clients().others().send("greeted", name);
            return "Hello " + name;
        }

        /** Tells who is calling. */
        public Optional<String> me() {
            return context().userIdentifier();
        }

        @Override
        public void onDisconnected(Departure departure) {
            clients().all().send("left");
        }
    }
}
