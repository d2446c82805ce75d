package io.hubwire.server.internal.transport;

import io.hubwire.server.fixture.FakeApplication;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakeEngine;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.FakeSocket;
import io.hubwire.server.options.Redirect;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionRequest;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One endpoint at {@code /hub} on an engine of two loops, an application, and clients. */
final class Scene {

    private static final Pattern TOKEN = Pattern.compile("\"connection(Token|Id)\":\"([^\"]*)\"");

    final FakeEngine engine = new FakeEngine();
    final FakeClock clock = new FakeClock();
    final FakeApplication application = new FakeApplication();
    final PendingConnections pending;
    final Connections connections;

    /** Where requests come in unless a test says otherwise. */
    final FakeEngine.Loop here = engine.loop();

    final FakeEngine.Loop elsewhere = engine.loop();

    Scene() {
        this(options -> {});
    }

    Scene(Consumer<TransportOptions.Builder> options) {
        this(options, 10_000, request -> Optional.empty());
    }

    Scene(
            Consumer<TransportOptions.Builder> options,
            int maximumPending,
            Function<ConnectionRequest, Optional<Redirect>> redirect) {
        TransportOptions.Builder builder = TransportOptions.builder();
        options.accept(builder);
        pending = new PendingConnections(maximumPending);
        connections = new Connections(builder.build(), pending, clock, redirect, application);
    }

    FakeExchange request(String method, String target) {
        return new FakeExchange(here, method, target);
    }

    FakeExchange onOtherLoop(String method, String target) {
        return new FakeExchange(elsewhere, method, target);
    }

    /** Sends a request to the negotiate path. */
    FakeExchange negotiate(FakeExchange exchange) {
        exchange.loop().execute(() -> connections.negotiate(exchange, ConnectionRequest.of(exchange)));
        engine.settle();
        return exchange;
    }

    /** Sends a request to the endpoint, anonymously. */
    FakeExchange send(FakeExchange exchange) {
        return send(exchange, Optional.empty());
    }

    FakeExchange send(FakeExchange exchange, Optional<Principal> user) {
        exchange.loop().execute(() -> connections.transport(exchange, ConnectionRequest.of(exchange), user));
        engine.settle();
        return exchange;
    }

    /** Negotiates, and returns the token. */
    String token() {
        String answer =
                negotiate(request("POST", "/hub/negotiate?negotiateVersion=1")).text();
        Matcher matcher = TOKEN.matcher(answer);
        String token = "";
        while (matcher.find()) {
            token = matcher.group(2);
        }
        return token;
    }

    FakeExchange get(String token) {
        return request("GET", "/hub?id=" + token);
    }

    FakeExchange poll(String token) {
        return send(get(token));
    }

    FakeExchange post(String token, String text) {
        return send(request("POST", "/hub?id=" + token).body(text));
    }

    FakeExchange delete(String token) {
        return send(request("DELETE", "/hub?id=" + token));
    }

    FakeExchange events(String token) {
        return send(get(token).header("Accept", "text/event-stream"));
    }

    FakeExchange upgrade(String token) {
        return send(get(token).upgrade());
    }

    FakeSocket socket() {
        return send(request("GET", "/hub").upgrade()).socket();
    }

    FakeApplication.Client client() {
        return application.client();
    }

    /** Has the only client hear something. */
    void say(String text) {
        client().say(text);
        engine.settle();
    }

    void wait(Duration time) {
        clock.advance(time);
        engine.settle();
    }

    void settle() {
        engine.settle();
    }
}
