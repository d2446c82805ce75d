package io.hubwire.conformance.judge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.conformance.answer.Answers;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.HubServer;
import io.hubwire.server.Mount;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.netty.Tls;
import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.RateLimit;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One server with the hubs of the judges, and for each client a page with its script. Safe for any thread. */
final class JudgedServer {

    private static final Pattern NAMES_A_CLIENT = Pattern.compile("/(page/)?(signalr-\\d+)(\\.js)?");

    private static final RateLimit LIMIT = RateLimit.of(20, Duration.ofSeconds(1));

    private final Events events = new Events();
    private final HubServer server;
    private final NettyHost host;
    private final Path packages;

    private JudgedServer(int port, Optional<Tls> tls, List<String> origins, Path packages) {
        this.packages = packages;
        server = server(origins);
        NettyHost.Builder builder =
                NettyHost.builder().port(port).endpoint(server).endpoint(this::others);
        tls.ifPresent(builder::tls);
        host = builder.start();
    }

    /** Listens on a port, or on any if that is 0; pages of {@code origins} may connect at {@code /crossed}. */
    static JudgedServer start(int port, List<String> origins, Path packages) {
        return new JudgedServer(port, Optional.empty(), origins, packages);
    }

    /** Listens on any port, over TLS. */
    static JudgedServer start(Tls tls, Path packages) {
        return new JudgedServer(0, Optional.of(tls), List.of(), packages);
    }

    private HubServer server(List<String> origins) {
        CrossOrigin.Builder crossed = CrossOrigin.builder();
        origins.forEach(crossed::allow);
        HubOptions brisk = HubOptions.builder()
                .keepAliveInterval(Duration.ofSeconds(2))
                .clientTimeoutInterval(Duration.ofSeconds(60))
                .build();
        return HubServer.builder()
                .activator(new Activator(events))
                .authenticator(JudgedServer::authenticate)
                .options(brisk)
                .configure(
                        DetailedJudgeHub.class,
                        hub -> hub.options(
                                brisk.toBuilder().enableDetailedErrors(true).build()))
                .configure(
                        FloodingHub.class,
                        hub -> hub.slowConsumers(
                                        "priced", SlowConsumerPolicy.keepLatest(arguments -> arguments.getFirst()))
                                .slowConsumers("traded", SlowConsumerPolicy.dropOldest()))
                .configure(
                        LimitedHub.class,
                        hub -> hub.options(brisk.toBuilder().rateLimit(LIMIT).build()))
                .configure(
                        LimitedHub.Strict.class,
                        hub -> hub.options(
                                brisk.toBuilder().rateLimit(LIMIT.closing()).build()))
                .hub("/flooding", FloodingHub.class)
                .hub("/limited", LimitedHub.class)
                .hub("/strictly-limited", LimitedHub.Strict.class)
                .hub("/judge", JudgeHub.class)
                .hub("/signalr/chat", JudgeHub.class)
                .hub("/chatHub", JudgeHub.class)
                .hub("/detailed", DetailedJudgeHub.class)
                .hub("/secured", SecuredJudgeHub.class)
                .hub("/crossed", JudgeHub.class, mount -> mount.crossOrigin(crossed.build()))
                .hub(
                        "/no-websockets",
                        JudgeHub.class,
                        only(TransportType.SERVER_SENT_EVENTS, TransportType.LONG_POLLING))
                .hub("/long-polling", JudgeHub.class, only(TransportType.LONG_POLLING))
                .build();
    }

    private static Consumer<Mount> only(TransportType... transports) {
        return mount -> mount.transports(
                TransportOptions.builder().transports(Set.of(transports)).build());
    }

    /** The token is the name; one that begins with {@code bad} is refused. */
    private static CompletionStage<Optional<Principal>> authenticate(ConnectionRequest request) {
        return CompletableFuture.completedFuture(request.bearerToken()
                .filter(token -> !token.startsWith("bad"))
                .map(token -> new UserPrincipal(token, Set.of())));
    }

    private boolean others(HttpExchange exchange) {
        Matcher client = NAMES_A_CLIENT.matcher(exchange.path());
        if (client.matches() && client.group(1) == null) {
            Path script = packages.resolve(client.group(2) + "/dist/browser/signalr.js");
            Thread.startVirtualThread(
                    () -> Answers.text(exchange, 200, "text/javascript; charset=utf-8", read(script)));
        } else if (client.matches()) {
            Answers.text(exchange, 200, "text/html; charset=utf-8", page(client.group(2)));
        } else if (exchange.path().equals("/announce") && exchange.method().equals("POST")) {
            String text = ConnectionRequest.of(exchange).query("text").orElse("");
            server.context(JudgeHub.class).clients().all().send("Announced", text);
            Answers.empty(exchange, 202);
        } else {
            return false;
        }
        return true;
    }

    private static String page(String client) {
        return "<!doctype html><meta charset=utf-8><title>judge</title><script src=\"/" + client
                + ".js\"></script><body></body>";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException notInstalled) {
            throw new UncheckedIOException(notInstalled);
        }
    }

    int port() {
        return host.port();
    }

    Events events() {
        return events;
    }

    int connections() {
        return server.connectionCount(JudgeHub.class);
    }

    /** Has its clients leave one after the other, over so many milliseconds. */
    void drain(long spread) {
        server.drain(Duration.ofSeconds(5), Duration.ofMillis(spread));
    }

    /** Says goodbye to every client, then ends. */
    void stop() {
        server.close();
        host.close();
    }

    /** Ends without a word to anybody, and does not wait for those who could have heard one. */
    void kill() {
        host.close();
        Thread.startVirtualThread(server::close);
    }

    /** Gives the hubs what they tell. */
    private record Activator(Events events) implements HubActivator {

        private static final Map<Class<?>, Function<Events, HubBase<?>>> HUBS = Map.of(
                JudgeHub.class, JudgeHub::new,
                DetailedJudgeHub.class, DetailedJudgeHub::new,
                SecuredJudgeHub.class, SecuredJudgeHub::new,
                FloodingHub.class, FloodingHub::new,
                LimitedHub.class, events -> new LimitedHub(),
                LimitedHub.Strict.class, events -> new LimitedHub.Strict());

        @Override
        public <H extends HubBase<?>> H create(Class<H> type) {
            return type.cast(
                    Objects.requireNonNull(HUBS.get(type), type.getName()).apply(events));
        }
    }
}
