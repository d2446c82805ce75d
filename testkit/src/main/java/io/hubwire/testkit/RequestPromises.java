package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.spi.HttpExchange;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a host promises of requests and their bodies. */
abstract class RequestPromises extends HostFixture {

    private final AtomicReference<@Nullable HttpExchange> asked = new AtomicReference<>();

    @Test
    void tellsMethodDecodedPathAndRawQuery() {
        TestHost host = host(asked);
        host.request(ClientRequest.of("PUT", "/Caf%C3%A9/a+b/../%24?x=%20y&x=1"));

        HttpExchange exchange = asked(host, asked);
        assertThat(exchange.method()).isEqualTo("PUT");
        assertThat(exchange.path()).isEqualTo("/Café/a+b/../$");
        assertThat(exchange.rawQuery()).isEqualTo("x=%20y&x=1");
    }

    @Test
    void tellsAnEmptyQueryWhereThereIsNone() {
        TestHost host = host(asked);
        host.request(ClientRequest.get("/"));

        assertThat(asked(host, asked).rawQuery()).isEmpty();
    }

    @Test
    void findsHeadersWhateverTheCaseOfTheirNames() {
        TestHost host = host(asked);
        host.request(ClientRequest.get("/").header("X-Twice", "one").header("x-twice", "two"));

        HttpExchange exchange = asked(host, asked);
        assertThat(exchange.headers("X-TWICE")).containsExactly("one", "two");
        assertThat(exchange.headers("absent")).isEmpty();
        Map<String, List<String>> all = exchange.headers();
        assertThat(all.get("x-Twice")).containsExactly("one", "two");
        assertThat(all).containsKey("host").doesNotContainKey("absent");
    }

    @Test
    void tellsWhereTheClientConnectedFrom() {
        TestHost host = host(asked);
        host.request(ClientRequest.get("/"));

        HttpExchange exchange = asked(host, asked);
        assertThat(exchange.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
        assertThat(exchange.isSecure()).isEqualTo(host.isSecure());
        assertThat(exchange.principal()).isEmpty();
    }

    @Test
    void asksEndpointsOnTheLoopOfTheExchangeOneAfterTheOther() {
        StringBuffer order = new StringBuffer();
        TestHost host = host(
                exchange -> {
                    order.append(exchange.loop().isCurrent() ? "first " : "elsewhere ");
                    return false;
                },
                exchange -> {
                    order.append("second");
                    answer(exchange, "from the second");
                    return true;
                });

        assertThat(host.request(ClientRequest.get("/")).body()).isEqualTo("from the second");
        assertThat(order).hasToString("first second");
    }

    @Test
    void answersWhatNobodyTakesWithAnEmpty404() {
        ClientExchange answer = host(exchange -> false).request(ClientRequest.get("/"));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void readsAWholeBodyThatIsAsLongAsItMayBe() {
        TestHost host = host(asked);
        host.request(ClientRequest.post("/", "12345"));
        HttpExchange exchange = asked(host, asked);
        BodyEnding ending = new BodyEnding(exchange);
        exchange.body(5, ending);

        assertThat(ending.await(host)).isEqualTo("complete: 12345");
    }

    @Test
    void readsABodyWhileTheEndpointIsAsked() {
        AtomicReference<@Nullable BodyEnding> ending = new AtomicReference<>();
        TestHost host = host(exchange -> {
            BodyEnding hears = new BodyEnding(exchange);
            exchange.body(100, hears);
            ending.set(hears);
            return true;
        });
        ClientExchange client = host.request(ClientRequest.post("/", "begun, ").declaring(13));
        host.await(() -> ending.get() != null);
        client.send("ended.");

        BodyEnding hears = Objects.requireNonNull(ending.get());
        assertThat(hears.await(host)).isEqualTo("complete: begun, ended.");
    }

    @Test
    void readsABodyOfUnknownLength() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.post("/", "one ").chunked());
        HttpExchange exchange = asked(host, asked);
        BodyEnding ending = new BodyEnding(exchange);
        exchange.body(100, ending);
        client.send("two");
        client.finish();

        assertThat(ending.await(host)).isEqualTo("complete: one two");
    }

    @Test
    void completesAnEmptyBodyWhereThereIsNone() {
        TestHost host = host(asked);
        host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        BodyEnding ending = new BodyEnding(exchange);
        exchange.body(0, ending);

        assertThat(ending.await(host)).isEqualTo("complete: ");
    }

    @Test
    void findsABodyTooLargeBeforeItHasCome() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.post("/", "").declaring(1_000_000));
        HttpExchange exchange = asked(host, asked);
        BodyEnding ending = new BodyEnding(exchange);
        exchange.body(999_999, ending);

        assertThat(ending.await(host)).isEqualTo("too large");
        answer(exchange, "less, please");
        assertThat(client.body()).isEqualTo("less, please");
    }

    @Test
    void findsABodyOfUnknownLengthTooLargeWhenItIs() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.post("/", "12345").chunked());
        HttpExchange exchange = asked(host, asked);
        BodyEnding ending = new BodyEnding(exchange);
        exchange.body(6, ending);
        client.send("67");

        assertThat(ending.await(host)).isEqualTo("too large");
        answer(exchange, "less, please");
        assertThat(client.body()).isEqualTo("less, please");
    }

    @Test
    void abortsABodyWhoseClientVanishes() {
        TestHost host = host(asked);
        ClientExchange client = host.request(ClientRequest.post("/", "begun").declaring(10));
        HttpExchange exchange = asked(host, asked);
        BodyEnding ending = new BodyEnding(exchange);
        exchange.body(10, ending);
        client.vanish();

        assertThat(ending.await(host)).isEqualTo("aborted");
    }

    @Test
    void answersThoughNobodyAskedForTheBody() {
        TestHost host = host(exchange -> {
            answer(exchange, "fine");
            return true;
        });

        assertThat(host.request(ClientRequest.post("/", "unwanted")).body()).isEqualTo("fine");
    }

    @Test
    void givesABodyOnce() {
        TestHost host = host(asked);
        host.request(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        exchange.body(0, new BodyEnding(exchange));

        assertThatThrownBy(() -> exchange.body(0, new BodyEnding(exchange))).isInstanceOf(IllegalStateException.class);
    }
}
