package io.hubwire.conformance.golden;

import io.hubwire.conformance.answer.Answers;
import io.hubwire.conformance.answer.Cors;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.HubServer;
import io.hubwire.server.HubServerBuilder;
import io.hubwire.server.Mount;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** The golden hubs at their paths, and the request that sends to them from outside. */
public final class GoldenHubs implements HttpEndpoint, AutoCloseable {

    private static final String SEND = "/golden-send/";
    private static final String ORIGIN = "http://allowed.example";
    private static final CrossOrigin ALLOWED =
            CrossOrigin.builder().allow(ORIGIN).build();
    private static final Cors CORS = new Cors(ORIGIN::equals);

    private final HubServer server = server();

    /** Serves from here on. */
    public GoldenHubs() {}

    private static HubServer server() {
        GoldenUsers users = new GoldenUsers();
        HubServerBuilder builder = HubServer.builder().authenticator(users).authorizer(users);
        mount(builder, "/golden", GoldenHub.class, options -> {});
        mount(builder, "/golden-stateful", GoldenHub.class, options -> options.allowStatefulReconnects(true));
        mount(builder, "/golden-ws", GoldenHub.class, only(TransportType.WEB_SOCKETS));
        mount(builder, "/golden-sse", GoldenHub.class, only(TransportType.SERVER_SENT_EVENTS));
        mount(
                builder,
                "/golden-lp",
                GoldenHub.class,
                only(TransportType.LONG_POLLING).andThen(options -> options.pollTimeout(Duration.ofSeconds(2))));
        mount(builder, "/golden-min1", GoldenHub.class, options -> options.minimumNegotiateVersion(1));
        mount(builder, "/golden-detailed", DetailedHub.class, options -> {});
        mount(builder, "/golden-limits", LimitsHub.class, options -> {});
        mount(builder, "/golden-parallel", ParallelHub.class, options -> {});
        mount(builder, "/golden-auth", AuthHub.class, options -> {});
        mount(builder, "/golden-failing", FailingHub.class, options -> {});
        return builder.configure(
                        DetailedHub.class,
                        hub -> hub.options(
                                HubOptions.builder().enableDetailedErrors(true).build()))
                .configure(LimitsHub.class, hub -> hub.options(limits()))
                .configure(
                        ParallelHub.class,
                        hub -> hub.options(HubOptions.builder()
                                .maximumParallelInvocationsPerClient(3)
                                .build()))
                .build();
    }

    private static HubOptions limits() {
        return HubOptions.builder()
                .maximumReceiveMessageSize(1024)
                .handshakeTimeout(Duration.ofSeconds(1))
                .keepAliveInterval(Duration.ofSeconds(1))
                .streamBufferCapacity(2)
                .clientTimeoutInterval(Duration.ofSeconds(2))
                .build();
    }

    private static Consumer<TransportOptions.Builder> only(TransportType transport) {
        return options -> options.transports(Set.of(transport));
    }

    private static void mount(
            HubServerBuilder builder,
            String path,
            Class<? extends HubBase<?>> hub,
            Consumer<TransportOptions.Builder> transports) {
        TransportOptions.Builder options = TransportOptions.builder();
        transports.accept(options);
        Consumer<Mount> mount = each -> each.transports(options.build()).crossOrigin(ALLOWED);
        builder.hub(path, hub, mount);
    }

    @Override
    public boolean handle(HttpExchange exchange) {
        if (!isUnder(exchange.path(), "/golden")) {
            return false;
        }
        if (!server.handle(exchange)) {
            others(exchange);
        }
        return true;
    }

    private static boolean isUnder(String path, String root) {
        return path.regionMatches(true, 0, root, 0, root.length());
    }

    private void others(HttpExchange exchange) {
        if (Cors.isPreflight(exchange)) {
            CORS.preflight(exchange);
            return;
        }
        CORS.headers(exchange);
        if (exchange.method().equals("GET") && isUnder(exchange.path(), SEND)) {
            String id = exchange.path().substring(SEND.length());
            server.context(GoldenHub.class).clients().client(id).send("FromOutside", "hello");
            Answers.text(exchange, 200, "text/plain; charset=utf-8", "sent");
        } else {
            Answers.empty(exchange, 404);
        }
    }

    /** How many connections the hub of six paths has. */
    public int connectionCount() {
        return server.connectionCount(GoldenHub.class);
    }

    @Override
    public void close() {
        server.close();
    }
}
