package io.hubwire.conformance.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.conformance.answer.Answers;
import io.hubwire.conformance.answer.Cors;
import io.hubwire.payload.jackson.JacksonMessagePack;
import io.hubwire.payload.jackson.JacksonPayload;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.HubServer;
import io.hubwire.server.HubServerBuilder;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The hubs for foreign test suites at their paths, and what these suites expect beside them. Takes every path. */
public final class CoreHubs implements HttpEndpoint, AutoCloseable {

    private static final String TEXT = "text/plain";
    private static final String CLIENT_RESULT = "/clientresult";
    private static final CrossOrigin ANY = CrossOrigin.builder().allowAny().build();

    private final Cors cors = new Cors(origin -> true);
    private final Tokens tokens = new Tokens();
    private final AtomicInteger redirects = new AtomicInteger();
    private final Path workerScript;
    private final HubServer server;

    /** Serves from here on; {@code workerScript} is the npm client's build for web workers. */
    public CoreHubs(Path workerScript) {
        this.workerScript = workerScript;
        HubServerBuilder builder = HubServer.builder().authenticator(tokens);
        mount(builder, "/testhub", TestHub.class);
        mount(builder, "/authorizedhub", AuthorizedHub.class);
        mount(builder, "/hub", PlainHub.class);
        mount(builder, "/echo-bench", EchoBenchHub.class);
        builder.hub(
                "/testhub-nowebsockets",
                TestHub.class,
                mount -> mount.crossOrigin(ANY)
                        .transports(TransportOptions.builder()
                                .transports(Set.of(TransportType.SERVER_SENT_EVENTS, TransportType.LONG_POLLING))
                                .build()));
        builder.connection("/echo", client -> bytes -> client.send(copy(bytes)), mount -> mount.crossOrigin(ANY));
        builder.configure(
                TestHub.class,
                hub -> hub.payload(JacksonPayload.create(JacksonPayload.MemberNames.UPPER_CAMEL))
                        .payload(JacksonMessagePack.create(JacksonPayload.MemberNames.UPPER_CAMEL))
                        .options(HubOptions.builder().enableDetailedErrors(true).build()));
        builder.configure(
                PlainHub.class,
                hub -> hub.options(HubOptions.builder()
                        .keepAliveInterval(Duration.ofSeconds(2))
                        .build()));
        server = builder.build();
    }

    private static void mount(HubServerBuilder builder, String path, Class<? extends HubBase<?>> hub) {
        builder.hub(path, hub, mount -> mount.crossOrigin(ANY));
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    @Override
    public boolean handle(HttpExchange exchange) {
        String path = exchange.path().toLowerCase(Locale.ROOT);
        if (exchange.method().equals("OPTIONS")) {
            cors.preflight(exchange);
            return true;
        }
        if (path.contains("/negotiate")) {
            cookies(exchange);
        }
        if (!server.handle(exchange)) {
            cors.headers(exchange);
            others(exchange, path);
        }
        return true;
    }

    private void cookies(HttpExchange exchange) {
        String attributes = "; Path=/" + (exchange.isSecure() ? "; Secure; SameSite=None; Partitioned" : "");
        String hourAgo = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().minus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
        exchange.responseHeader("Set-Cookie", "testCookie=testValue" + attributes);
        exchange.responseHeader("Set-Cookie", "testCookie2=testValue2" + attributes);
        exchange.responseHeader("Set-Cookie", "expiredCookie=doesntmatter; Expires=" + hourAgo + attributes);
    }

    private void others(HttpExchange exchange, String path) {
        if (isUnder(path, "/echoredirect")) {
            redirectToEcho(exchange);
        } else if (isUnder(path, "/redirect")) {
            redirectToTestHub(exchange);
        } else if (isUnder(path, "/bad-negotiate")) {
            Answers.text(exchange, 400, TEXT, "Some response from server");
        } else if (path.equals("/generatejwttoken") && exchange.method().equals("GET")) {
            Answers.text(exchange, 200, TEXT, tokens.make());
        } else if (isUnder(path, CLIENT_RESULT) && exchange.method().equals("GET")) {
            askForResult(exchange, exchange.path().substring(CLIENT_RESULT.length() + 1));
        } else if (path.equals("/lib/signalr-webworker/signalr.js")
                && exchange.method().equals("GET")) {
            Thread.startVirtualThread(() -> script(exchange));
        } else {
            Answers.empty(exchange, 404);
        }
    }

    private void askForResult(HttpExchange exchange, String connectionId) {
        server.context(TestHub.class)
                .clients()
                .client(connectionId)
                .invoke(Integer.class, Duration.ofSeconds(10), "Result")
                .whenComplete((result, error) -> Answers.text(
                        exchange, 200, TEXT, error == null ? result.toString() : String.valueOf(error.getMessage())));
    }

    private static boolean isUnder(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }

    private static void redirectToEcho(HttpExchange exchange) {
        String host = exchange.headers("Host").stream().findFirst().orElse("127.0.0.1");
        String rest = exchange.path().substring("/echoredirect".length());
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        exchange.responseHeader(
                "Location", (exchange.isSecure() ? "https" : "http") + "://" + host + "/echo" + rest + query);
        Answers.empty(exchange, 307);
    }

    private void redirectToTestHub(HttpExchange exchange) {
        String base = ConnectionRequest.of(exchange).query("baseUrl").orElse("");
        String url = base + "/testHub?numRedirects=" + redirects.incrementAndGet();
        String quoted = "\"" + url.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        Answers.text(exchange, 200, "application/json", "{ \"url\": " + quoted + " }");
    }

    private void script(HttpExchange exchange) {
        try {
            Answers.text(exchange, 200, "text/javascript; charset=utf-8", Files.readString(workerScript, UTF_8));
        } catch (IOException notInstalled) {
            Answers.text(exchange, 404, TEXT, "not installed: " + workerScript.getFileName());
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
