package io.hubwire.server.internal.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakeApplication;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.ThreadLoop;
import io.hubwire.server.hub.Authenticator;
import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.Demand;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.internal.transport.Connections;
import io.hubwire.server.internal.transport.PendingConnections;
import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.options.TransportOptions;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {

    private static final Authenticator TOKENS = request -> CompletableFuture.completedFuture(
            request.bearerToken().map(token -> token.contains(":") ? admin(token) : user(token)));

    /** On a thread of its own, since authentication comes back from others. */
    private final ThreadLoop loop = new ThreadLoop();

    private final FakeApplication application = new FakeApplication();

    @AfterEach
    void stop() {
        loop.close();
    }

    private static Principal user(String name) {
        return new UserPrincipal(name, Set.of());
    }

    private static Principal admin(String token) {
        return new UserPrincipal(token.substring(0, token.indexOf(':')), Set.of("admin"));
    }

    private Route route(String path, CrossOrigin crossOrigin, Demand... demands) {
        return new Route(
                path,
                new Connections(
                        TransportOptions.builder().build(),
                        new PendingConnections(100),
                        new FakeClock(),
                        request -> Optional.empty(),
                        application),
                crossOrigin,
                List.of(demands));
    }

    private Endpoints open(String... paths) {
        return new Endpoints(
                List.of(paths).stream()
                        .map(path -> route(path, CrossOrigin.sameOrigin()))
                        .toList(),
                Optional.empty(),
                Authorizer.ROLES_ONLY);
    }

    private Endpoints guarded(Authenticator authenticator, Demand... demands) {
        return new Endpoints(
                List.of(route("/hub", CrossOrigin.sameOrigin(), demands)),
                Optional.of(authenticator),
                Authorizer.ROLES_ONLY);
    }

    private static Demand demand(String... roles) {
        return new Demand("hub", Optional.empty(), Set.of(roles), Optional.empty());
    }

    private FakeExchange request(String method, String target) {
        return new FakeExchange(loop, method, target);
    }

    private boolean handled(Endpoints endpoints, FakeExchange exchange) {
        return loop.call(() -> endpoints.handle(exchange));
    }

    private FakeExchange answered(Endpoints endpoints, FakeExchange exchange) {
        assertThat(handled(endpoints, exchange)).isTrue();
        await().pollDelay(Duration.ZERO).until(() -> exchange.status() != 0);
        return exchange;
    }

    @Test
    void answersARequestBehindAuthenticationThatItFailsFor() {
        Route failing = new Route(
                "/hub",
                new Connections(
                        TransportOptions.builder().build(),
                        new PendingConnections(100),
                        new FakeClock(),
                        request -> {
                            throw new IllegalStateException("on purpose");
                        },
                        application),
                CrossOrigin.sameOrigin(),
                List.of());
        Endpoints endpoints = new Endpoints(List.of(failing), Optional.of(TOKENS), Authorizer.ROLES_ONLY);

        assertThat(answered(endpoints, request("POST", "/hub/negotiate")).status())
                .isEqualTo(500);
    }

    @Nested
    class Paths {

        @ParameterizedTest
        @ValueSource(strings = {"/chat", "/Chat", "/CHAT/", "/chat/"})
        void ignoreCaseAndASlashAtTheEnd(String path) {
            assertThat(answered(open("/chat"), request("GET", path)).answer())
                    .isEqualTo("400 text/plain Connection ID required");
            assertThat(answered(open("/Chat/"), request("GET", path)).status()).isEqualTo(400);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/chat/negotiate", "/chat/NEGOTIATE", "/Chat/Negotiate/"})
        void haveANegotiatePathBelow(String path) {
            assertThat(answered(open("/chat"), request("POST", path)).status()).isEqualTo(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"/", "/cha", "/chats", "/chat/x", "/chat//", "/x/chat", "/chat/negotiate/x", "/negotiate"})
        void leaveOtherPathsToOthers(String path) {
            FakeExchange exchange = request("GET", path);

            assertThat(handled(open("/chat"), exchange)).isFalse();
            assertThat(exchange.status()).isZero();
        }

        @Test
        void mayBeDeep() {
            Endpoints endpoints = open("/signalr/chat", "/signalr");

            assertThat(answered(endpoints, request("POST", "/signalr/chat/negotiate"))
                            .status())
                    .isEqualTo(200);
            assertThat(answered(endpoints, request("POST", "/signalr/negotiate"))
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void mayBeTheRoot() {
            Endpoints endpoints = open("/");

            assertThat(answered(endpoints, request("POST", "/negotiate")).status())
                    .isEqualTo(200);
            assertThat(answered(endpoints, request("GET", "/")).status()).isEqualTo(400);
        }

        @Test
        void thatAreMountedComeBeforeNegotiatePaths() {
            Endpoints endpoints = open("/chat", "/chat/negotiate");

            assertThat(answered(endpoints, request("GET", "/chat/negotiate")).answer())
                    .isEqualTo("400 text/plain Connection ID required");
            assertThat(answered(endpoints, request("POST", "/chat/negotiate/negotiate"))
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void areMountedOnce() {
            assertThatThrownBy(() -> open("/chat", "/CHAT/"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/CHAT/");
            assertThatThrownBy(() -> open("chat")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class CrossOriginRequests {

        private static final String PAGE = "http://allowed.example";

        private final Endpoints endpoints = new Endpoints(
                List.of(route("/hub", CrossOrigin.builder().allow(PAGE).build(), demand())),
                Optional.of(TOKENS),
                Authorizer.ROLES_ONLY);

        private FakeExchange preflight(String origin) {
            return request("OPTIONS", "/hub/negotiate?negotiateVersion=1")
                    .header("Origin", origin)
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "x-requested-with,x-signalr-user-agent");
        }

        @Test
        void areAllowedByPreflightBeforeAuthentication() {
            FakeExchange answer = answered(endpoints, preflight(PAGE));

            assertThat(answer.answer()).isEqualTo("204 -");
            assertThat(answer.answeredHeader("Access-Control-Allow-Origin")).isEqualTo(PAGE);
            assertThat(answer.answeredHeader("Access-Control-Allow-Credentials"))
                    .isEqualTo("true");
            assertThat(answer.answeredHeader("Access-Control-Allow-Methods")).isEqualTo("POST");
            assertThat(answer.answeredHeader("Access-Control-Allow-Headers"))
                    .isEqualTo("x-requested-with,x-signalr-user-agent");
        }

        @Test
        void ofOtherPagesGetAnEmptyPreflight() {
            FakeExchange answer = answered(endpoints, preflight("http://evil.example"));

            assertThat(answer.answer()).isEqualTo("204 -");
            assertThat(answer.answeredHeader("Access-Control-Allow-Origin")).isEmpty();
            assertThat(answer.answeredHeader("Access-Control-Allow-Methods")).isEmpty();
            assertThat(answer.answeredHeader("Access-Control-Allow-Headers")).isEmpty();
        }

        @Test
        void haveTheHeadersOnErrorsToo() {
            FakeExchange unauthorized =
                    answered(endpoints, request("POST", "/hub/negotiate").header("Origin", PAGE));
            FakeExchange unknown = answered(
                    endpoints,
                    request("GET", "/hub?id=x").header("Origin", PAGE).header("Authorization", "Bearer ann"));

            assertThat(unauthorized.answer()).isEqualTo("401 -");
            assertThat(unauthorized.answeredHeader("Access-Control-Allow-Origin"))
                    .isEqualTo(PAGE);
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.answeredHeader("Access-Control-Allow-Credentials"))
                    .isEqualTo("true");
        }

        @Test
        void ofOtherPagesAreServedWithoutHeaders() {
            FakeExchange answer = answered(
                    endpoints,
                    request("POST", "/hub/negotiate")
                            .header("Origin", "http://evil.example")
                            .header("Authorization", "Bearer ann"));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.answeredHeader("Access-Control-Allow-Origin")).isEmpty();
        }

        @Test
        void thatAreNoPreflightAreNotAnsweredAsOne() {
            assertThat(answered(open("/hub"), request("OPTIONS", "/hub")).answer())
                    .isEqualTo("405 text/plain");
            assertThat(answered(
                                    open("/hub"),
                                    request("OPTIONS", "/hub/negotiate").header("Origin", PAGE))
                            .answer())
                    .isEqualTo("405 text/plain");
        }

        @Test
        void areClosedByDefault() {
            FakeExchange answer =
                    answered(open("/hub"), request("POST", "/hub/negotiate").header("Origin", PAGE));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.answeredHeader("Access-Control-Allow-Origin")).isEmpty();
        }

        @Test
        void byWebSocketAreRefusedFromOtherPages() {
            FakeExchange foreign = answered(
                    open("/hub"),
                    request("GET", "/hub")
                            .upgrade()
                            .header("Host", "hub.example")
                            .header("Origin", "http://evil.example"));
            FakeExchange own = answered(
                    open("/hub"),
                    request("GET", "/hub")
                            .upgrade()
                            .header("Host", "hub.example")
                            .header("Origin", "http://hub.example"));

            assertThat(foreign.answer()).isEqualTo("403 -");
            assertThat(own.status()).isEqualTo(101);
            assertThat(application.clients()).hasSize(1);
        }

        @Test
        void byWebSocketAreAuthenticatedFirst() {
            assertThat(answered(endpoints, request("GET", "/hub").upgrade().header("Origin", "http://evil.example"))
                            .answer())
                    .isEqualTo("401 -");
        }
    }

    @Nested
    class Users {

        @Test
        void areTheContainersWithoutAnAuthenticator() {
            answered(open("/hub"), request("GET", "/hub").upgrade().from(user("ann")));

            assertThat(application.client().pipe().user()).contains(user("ann"));
        }

        @Test
        void areToldByTheAuthenticatorOnAVirtualThread() {
            List<Thread> threads = new CopyOnWriteArrayList<>();
            Endpoints endpoints = guarded(request -> {
                threads.add(Thread.currentThread());
                return CompletableFuture.supplyAsync(() -> Optional.of(user("ann")));
            });

            answered(endpoints, request("GET", "/hub").upgrade().from(user("bob")));

            assertThat(application.client().pipe().user()).contains(user("ann"));
            assertThat(threads)
                    .singleElement()
                    .satisfies(thread -> assertThat(thread.isVirtual()).isTrue());
        }

        @Test
        void areAskedForOnEveryRequestBeforeAllOtherChecks() {
            Endpoints endpoints = guarded(TOKENS, demand());

            for (FakeExchange refused : new FakeExchange[] {
                request("POST", "/hub/negotiate"),
                request("GET", "/hub/negotiate"),
                request("GET", "/hub"),
                request("GET", "/hub?id=x"),
                request("POST", "/hub?id=x"),
                request("DELETE", "/hub?id=x"),
                request("PUT", "/hub"),
                request("GET", "/hub").upgrade()
            }) {
                assertThat(answered(endpoints, refused).answer()).isEqualTo("401 -");
            }
            assertThat(answered(endpoints, request("GET", "/hub?id=x").header("Authorization", "Bearer ann"))
                            .status())
                    .isEqualTo(404);
            assertThat(answered(endpoints, request("GET", "/hub?id=x&access_token=ann"))
                            .status())
                    .isEqualTo(404);
        }

        @Test
        void whoMayNotAreToldSo() {
            Endpoints endpoints = guarded(TOKENS, demand(), demand("admin"));

            assertThat(answered(endpoints, request("POST", "/hub/negotiate").header("Authorization", "Bearer ann"))
                            .answer())
                    .isEqualTo("403 -");
            assertThat(answered(
                                    endpoints,
                                    request("POST", "/hub/negotiate").header("Authorization", "Bearer bob:admin"))
                            .status())
                    .isEqualTo(200);
            assertThat(answered(endpoints, request("POST", "/hub/negotiate")).answer())
                    .isEqualTo("401 -");
        }

        @Test
        void areDemandedOfTheContainerToo() {
            Endpoints endpoints = new Endpoints(
                    List.of(route("/hub", CrossOrigin.sameOrigin(), demand())),
                    Optional.empty(),
                    Authorizer.ROLES_ONLY);

            assertThat(answered(endpoints, request("POST", "/hub/negotiate")).status())
                    .isEqualTo(401);
            assertThat(answered(endpoints, request("POST", "/hub/negotiate").from(user("ann")))
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void ofAnAuthenticatorThatFailsGetFiveHundred() {
            assertThat(answered(
                                    guarded(request -> {
                                        throw new IllegalStateException("on purpose");
                                    }),
                                    request("GET", "/hub"))
                            .answer())
                    .isEqualTo("500 -");
            assertThat(answered(
                                    guarded(request ->
                                            CompletableFuture.failedFuture(new IllegalStateException("on purpose"))),
                                    request("GET", "/hub"))
                            .answer())
                    .isEqualTo("500 -");
        }
    }
}
