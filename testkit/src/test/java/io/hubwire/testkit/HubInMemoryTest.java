package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.HubServer;
import io.hubwire.server.hub.Hub;
import io.hubwire.testkit.ClientSocket.Event;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A hub that is tried without sockets and without waiting, as users of the test kit do. */
final class HubInMemoryTest {

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]+)\"");
    private static final String END = "\u001e";

    private final FakeClock clock = new FakeClock();
    private final HubServer server =
            HubServer.builder().scheduler(clock).hub("/greeter", Greeter.class).build();
    private final InMemoryHost host = new InMemoryHost(server);

    @AfterEach
    void close() {
        host.close();
        server.close();
    }

    private ClientSocket connected() {
        String negotiated = host.request(ClientRequest.post("/greeter/negotiate?negotiateVersion=1", ""))
                .body();
        Matcher token = TOKEN.matcher(negotiated);
        assertThat(token.find()).as(negotiated).isTrue();
        ClientSocket client = host.connect(ClientRequest.get("/greeter?id=" + token.group(1)));
        client.text("{\"protocol\":\"json\",\"version\":1}" + END);
        assertThat(client.next()).isEqualTo(new Event.Text("{}" + END));
        return client;
    }

    private static void greet(ClientSocket client, String name) {
        client.text("{\"type\":1,\"invocationId\":\"1\",\"target\":\"hello\",\"arguments\":[\"" + name + "\"]}" + END);
    }

    @Test
    void answersACallAndTellsOthers() {
        ClientSocket ann = connected();
        ClientSocket ben = connected();
        greet(ann, "Ann");

        assertThat(ann.next())
                .isEqualTo(new Event.Text("{\"type\":3,\"invocationId\":\"1\",\"result\":\"Hello Ann\"}" + END));
        assertThat(ben.next())
                .isEqualTo(new Event.Text("{\"type\":1,\"target\":\"greeted\",\"arguments\":[\"Ann\"]}" + END));
    }

    @Test
    void pingsAClientAndClosesOnOneThatHasStoppedToPing() {
        ClientSocket client = connected();
        client.text("{\"type\":6}" + END);
        greet(client, "Ann");
        client.next();

        clock.advance(Duration.ofSeconds(16));
        assertThat(client.next()).isEqualTo(new Event.Text("{\"type\":6}" + END));
        clock.advance(Duration.ofSeconds(31));
        assertThat(untilItIsClosed(client)).contains("{\"type\":7,\"error\":");
    }

    /** What comes before the close frame. */
    private static String untilItIsClosed(ClientSocket client) {
        StringBuilder heard = new StringBuilder();
        while (client.next() instanceof Event.Text text) {
            heard.append(text.text());
        }
        return heard.toString();
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
    }
}
