package io.hubwire.conformance.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.HubServer;
import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.ClientRequest;
import io.hubwire.testkit.ClientSocket;
import io.hubwire.testkit.ClientSocket.Event;
import io.hubwire.testkit.FakeClock;
import io.hubwire.testkit.TestHost;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client and a hub see of a stateful reconnect, on any host. */
@Timeout(60)
abstract class StatefulReconnectContract {

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]+)\"");
    private static final String END = "\u001e";

    private final FakeClock clock = new FakeClock();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final TransportOptions allowed =
            TransportOptions.builder().allowStatefulReconnects(true).build();
    private final HubServer server = HubServer.builder()
            .scheduler(clock)
            .activator(new Activator(seen))
            .authenticator(StatefulReconnectContract::authenticate)
            .hub("/hub", ReportingHub.class, mount -> mount.transports(allowed))
            .build();

    private TestHost host;
    private String token = "";

    /** Starts a host with this endpoint. */
    abstract TestHost start(HttpEndpoint endpoint);

    @BeforeEach
    void open() {
        host = start(server);
    }

    @AfterEach
    void close() {
        CompletableFuture<Void> stopped = server.stop().toCompletableFuture();
        host.await(() -> {
            clock.advance(Duration.ofSeconds(1));
            return stopped.isDone();
        });
        host.close();
    }

    /** The token is the name. */
    private static CompletionStage<Optional<Principal>> authenticate(ConnectionRequest request) {
        return CompletableFuture.completedFuture(request.bearerToken().map(name -> new UserPrincipal(name, Set.of())));
    }

    @Test
    void goesOnOverANewSocketWithWhatWasSaidMeanwhile() {
        Client first = entered();
        first.says(call("1", "name"));
        assertThat(first.hears()).isEqualTo(completion("1", "ann"));
        first.acknowledges(1);
        first.says(call("2", "name"));
        assertThat(first.hears()).isEqualTo(completion("2", "ann"));
        first.vanishes();
        host.await(() -> connections() == 1);
        server.context(ReportingHub.class).clients().all().send("news", 1);

        Client second = reattached("ann");
        assertThat(second.hears()).isEqualTo(sequence(2));
        assertThat(second.hears()).isEqualTo(completion("2", "ann"));
        assertThat(second.hears()).isEqualTo(news(1));
        second.says(sequence(2), call("2", "name"), call("3", "name"));
        assertThat(second.hears()).isEqualTo(completion("3", "ann"));
        assertThat(seen).containsExactly("connected");
    }

    @Test
    void replacesASocketThatNobodyHasNoticedToBeDead() {
        Client first = entered();
        Client second = reattached("ann");
        assertThat(second.hears()).isEqualTo(sequence(1));
        assertThat(first.isGone()).isTrue();
        second.says(sequence(1), call("1", "name"));

        assertThat(second.hears()).isEqualTo(completion("1", "ann"));
        second.leaves();
        host.await(() -> seen.contains("disconnected"));
        assertThat(refused("ann")).isEqualTo(404);
    }

    @Test
    void dropsHalfAMessageWithItsSocket() {
        Client first = entered();
        first.says("{\"type\":1,\"invocationId\":\"1\",\"tar");
        Client second = reattached("ann");
        assertThat(second.hears()).isEqualTo(sequence(1));
        second.says(sequence(1), call("1", "name"));

        assertThat(second.hears()).isEqualTo(completion("1", "ann"));
    }

    @Test
    void asksForAuthorizationAgainAndKeepsTheFirstUser() {
        entered().vanishes();
        assertThat(refused("")).isEqualTo(401);
        Client second = reattached("ben&second=yes");
        assertThat(second.hears()).isEqualTo(sequence(1));

        second.says(sequence(1), call("1", "name"), call("2", "query"));

        assertThat(second.hears()).isEqualTo(completion("1", "ann"));
        assertThat(second.hears()).isEqualTo(completion("2", "yes"));
    }

    @Test
    void isOverForTheHubOnlyWhenNobodyComesBackInTime() {
        Client first = entered();
        first.vanishes();
        clock.advance(Duration.ofSeconds(10));
        assertThat(seen).containsExactly("connected");

        host.await(() -> {
            clock.advance(Duration.ofSeconds(2));
            return seen.contains("disconnected");
        });
        assertThat(refused("ann")).isEqualTo(404);
    }

    @Test
    void isOverAtOnceWhenTheHubAborts() {
        Client first = entered();
        first.says(call("1", "abort"));
        host.await(() -> seen.contains("disconnected"));

        host.await(() -> refused("ann") == 404);
    }

    @Test
    void endsInOrderWhenTheClientClosesInOrder() {
        Client first = entered();
        first.leaves();

        host.await(() -> seen.contains("disconnected"));
        assertThat(refused("ann")).isEqualTo(404);
    }

    private int connections() {
        return server.connectionCount(ReportingHub.class);
    }

    private Client entered() {
        String body = host.request(ClientRequest.post("/hub/negotiate?negotiateVersion=1&useStatefulReconnect=true", "")
                        .header("Authorization", "Bearer ann"))
                .body();
        Matcher matcher = TOKEN.matcher(body);
        assertThat(matcher.find()).as(body).isTrue();
        token = matcher.group(1);
        Client client = reattached("ann");
        client.says("{\"protocol\":\"json\",\"version\":2}");
        assertThat(client.hears()).isEqualTo("{}");
        host.await(() -> seen.contains("connected"));
        return client;
    }

    private Client reattached(String user) {
        ClientSocket socket = connect(user);
        assertThat(socket.status()).isEqualTo(101);
        return new Client(socket);
    }

    private int refused(String user) {
        return connect(user).status();
    }

    private ClientSocket connect(String user) {
        String query = user.isEmpty() ? "" : "&access_token=" + user;
        return host.connect(ClientRequest.get("/hub?id=" + token + query));
    }

    private static String call(String id, String method) {
        return "{\"type\":1,\"invocationId\":\"" + id + "\",\"target\":\"" + method + "\",\"arguments\":[]}";
    }

    private static String completion(String id, String result) {
        return "{\"type\":3,\"invocationId\":\"" + id + "\",\"result\":\"" + result + "\"}";
    }

    private static String news(int number) {
        return "{\"type\":1,\"target\":\"news\",\"arguments\":[" + number + "]}";
    }

    private static String sequence(int number) {
        return "{\"type\":9,\"sequenceId\":" + number + "}";
    }

    /** One socket of a client. */
    private static final class Client {

        private final ClientSocket socket;
        private final Queue<String> heard = new ArrayDeque<>();

        Client(ClientSocket socket) {
            this.socket = socket;
        }

        void says(String... messages) {
            String last = messages[messages.length - 1];
            socket.text(String.join(END, messages) + (last.endsWith("}") ? END : ""));
        }

        void acknowledges(int number) {
            says("{\"type\":8,\"sequenceId\":" + number + "}");
        }

        String hears() {
            while (heard.isEmpty()) {
                Event event = socket.next();
                assertThat(event).isInstanceOf(Event.Text.class);
                heard.addAll(List.of(((Event.Text) event).text().split(END)));
            }
            return heard.remove();
        }

        boolean isGone() {
            Event event = socket.next();
            while (!(event instanceof Event.Gone)) {
                event = socket.next();
            }
            return true;
        }

        void vanishes() {
            socket.vanish();
        }

        void leaves() {
            socket.close(1000, "");
        }
    }

    /** Tells what it sees. */
    @Authorize
    public static final class ReportingHub extends Hub {

        private final List<String> seen;

        ReportingHub(List<String> seen) {
            this.seen = seen;
        }

        /** The user. */
        public String name() {
            return context().user().map(Principal::getName).orElse("-");
        }

        /** What the latest request asked. */
        public String query() {
            return context().request().query("second").orElse("-");
        }

        /** Ends the caller's connection. */
        public void abort() {
            context().abort();
        }

        @Override
        public void onConnected() {
            seen.add("connected");
        }

        @Override
        public void onDisconnected(Departure departure) {
            seen.add("disconnected");
        }
    }

    private record Activator(List<String> seen) implements HubActivator {

        @Override
        public <H extends HubBase<?>> H create(Class<H> type) {
            return type.cast(new ReportingHub(seen));
        }
    }
}
