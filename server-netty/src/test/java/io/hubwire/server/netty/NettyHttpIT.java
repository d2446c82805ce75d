package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP at its edges, on the engine that is used by default. */
final class NettyHttpIT {

    private static final String HOST = "Host: localhost\r\n";

    private final NettyHost host = NettyHost.builder()
            .address("127.0.0.1")
            .threads(1)
            .endpoint(new Echo())
            .maximumRequestLineSize(1000)
            .maximumHeaderSize(2000)
            .start();
    private final RawClient client = new RawClient(host.port());

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\n\r\n', 400, no host",
        "'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, two hosts",
        "'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n', 400, broken escape",
        "'GET hub HTTP/1.1\r\nHost: a\r\n\r\n', 400, no path",
        "'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505, another version",
        "'GET / HTTP/9\r\nHost: a\r\n\r\n', 400, no version",
        "'nonsense\r\n\r\n', 400, no request line",
        "'GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n', 400, no header",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, no length",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n', 400, negative length",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400, two lengths",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, length and chunks",
        "'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n', 400, another coding",
        "'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, chunks too early",
    })
    void refusesWhatIsNotInOrderAndCloses(String request, int status, String what) {
        client.send(request);
        RawClient.Answer answer = client.answer();

        assertThat(answer.status()).as(what).isEqualTo(status);
        assertThat(answer.head().values("content-length")).containsExactly("0");
        assertThat(answer.head().values("connection")).containsExactly("close");
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void refusesARequestLineBeyondItsLimit() {
        client.send("GET /" + "a".repeat(1000) + " HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(client.answer().status()).isEqualTo(414);
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void refusesHeadersBeyondTheirLimit() {
        client.send("GET / HTTP/1.1\r\n" + HOST + ("X: " + "a".repeat(500) + "\r\n").repeat(4) + "\r\n");

        assertThat(client.answer().status()).isEqualTo(431);
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void refusesAHeadWithoutEndAsSoonAsItIsTooLong() {
        client.send("GET / HTTP/1.1\r\nX: " + "a".repeat(3000));

        assertThat(client.answer().status()).isEqualTo(431);
    }

    @Test
    void answersInOrderThoughTheLastOfSeveralRequestsIsBroken() {
        client.send("GET /1 HTTP/1.1\r\n" + HOST + "\r\nGET /2 HTTP/1.1\r\n" + HOST + "\r\nnonsense\r\n\r\n");

        assertThat(client.answer().body()).isEqualTo("GET /1 ");
        assertThat(client.answer().body()).isEqualTo("GET /2 ");
        assertThat(client.answer().status()).isEqualTo(400);
    }

    @Test
    void writesReasonAndDate() {
        client.send("GET /nobody HTTP/1.1\r\n" + HOST + "\r\n");
        RawClient.Head head = client.head();

        assertThat(head.line()).isEqualTo("HTTP/1.1 404 Not Found");
        assertThat(head.values("date")).singleElement().asString().endsWith(" GMT");
    }

    @Test
    void answers500WhereAnEndpointFails() {
        client.send("GET /fails HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(client.answer().status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/failsLater", "/failsElsewhere"})
    void closesOnAClientWhoseAnswerFails(String path) {
        client.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\n\r\nbody");

        assertThatThrownBy(client::head).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void tellsAClientThatAsksToGoOn() {
        client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(100);
        client.send("body");

        assertThat(client.answer().body()).isEqualTo("POST / body");
    }

    @Test
    void doesNotTellAClientToGoOnWithWhatNobodyWants() {
        client.send("POST /unread HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        RawClient.Head head = client.head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.values("connection")).containsExactly("close");
    }

    @Test
    void answersAClientThatStillSendsTooMuch() {
        client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 100000000\r\n\r\n");
        for (int i = 0; i < 20; i++) {
            client.sendIfOpen(new byte[100_000]);
        }

        assertThat(client.answer().status()).isEqualTo(413);
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void throwsAwayAShortBodyAndPartsFromALongOne() {
        client.send("POST /unread HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000));
        assertThat(client.answer().body()).isEqualTo("unread");
        client.send("POST /unread HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
        assertThat(client.answer().body()).isEqualTo("unread");
        for (int i = 0; i < 5; i++) {
            client.sendIfOpen(("8000\r\n" + "x".repeat(0x8000) + "\r\n").getBytes(US_ASCII));
        }

        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void speaksHttp10() {
        client.send("GET / HTTP/1.0\r\n\r\n");
        RawClient.Answer answer = client.answer();

        assertThat(answer.body()).isEqualTo("GET / ");
        assertThat(answer.head().values("connection")).containsExactly("close");
        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void keepsAConnectionOfHttp10ForWhoWantsIt() {
        for (int i = 0; i < 2; i++) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.body()).isEqualTo("GET / ");
            assertThat(answer.head().values("connection")).containsExactly("keep-alive");
        }
    }

    @Test
    void holdsWhatAClientSendsBehindARequestUpToABound() {
        client.send("GET /silent HTTP/1.1\r\n" + HOST + "\r\n");
        byte[] much = new byte[1 << 20];
        Thread sender = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 100; i++) {
                client.sendIfOpen(much);
            }
        });
        await().atMost(10, SECONDS).until(() -> sender.getState() == Thread.State.WAITING);

        host.close();
        await().atMost(10, SECONDS).until(() -> !sender.isAlive());
    }

    @Test
    void servesTheJdksClient() throws IOException, InterruptedException {
        try (HttpClient jdk = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + "/jdk?x"))
                    .POST(HttpRequest.BodyPublishers.ofString("hello"))
                    .build();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = jdk.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.body()).isEqualTo("POST /jdk hello");
            }
        }
    }

    @Test
    void stopsAcceptingAndGoesOnWithWhatItHas() {
        client.send("GET /1 HTTP/1.1\r\n" + HOST + "\r\n");
        client.answer();
        host.stopAccepting();

        assertThatThrownBy(() -> new RawClient(host.port())).isInstanceOf(UncheckedIOException.class);
        client.send("GET /2 HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(client.answer().body()).isEqualTo("GET /2 ");
    }

    @Test
    void cutsConnectionsWhenItIsClosedAndMayBeClosedAgain() {
        client.send("GET /1 HTTP/1.1\r\n" + HOST + "\r\n");
        client.answer();
        host.close();
        host.close();

        assertThat(client.isClosedInOrder()).isTrue();
    }

    @Test
    void refusesToListenOnAnAddressThatDoesNotExist() {
        assertThatThrownBy(() -> NettyHost.builder().address("192.0.2.1").start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("192.0.2.1");
    }

    @Test
    void saysThatAPortIsTaken() {
        assertThatThrownBy(() -> NettyHost.builder()
                        .address("127.0.0.1")
                        .port(host.port())
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot listen on");
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        NettyHost.Builder builder = NettyHost.builder();

        assertThatThrownBy(() -> builder.port(70_000)).hasMessage("port: 70000 (expected: 0 to 65535)");
        assertThatThrownBy(() -> builder.threads(0)).hasMessage("threads: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.maximumHeaderSize(-1)).hasMessage("maximumHeaderSize: -1 (expected: > 0)");
        assertThatThrownBy(() -> builder.maximumRequestLineSize(0))
                .hasMessage("maximumRequestLineSize: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.requestTimeout(Duration.ZERO))
                .hasMessage("requestTimeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> builder.keepAliveTimeout(Duration.ofSeconds(-1)))
                .hasMessage("keepAliveTimeout: PT-1S (expected: > 0)");
    }
}
