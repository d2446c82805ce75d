package io.hubwire.testkit;

import io.hubwire.server.HubServer;
import io.hubwire.server.HubServerBuilder;
import io.hubwire.server.Mount;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link HubServer} for tests: without sockets, and with time that passes when the test says so.
 *
 * <p>It serves as any server does, on threads of its own, so a test may wait for whatever it likes. {@linkplain
 * Builder#host Over a host} it serves the same clients over sockets. Safe for any thread.
 */
public final class TestServer implements AutoCloseable {

    private static final String PATH = "/hub";

    /** How long connections may take to end by themselves. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** After which the server cuts connections, and forgets calls, that do not end. */
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private final Optional<FakeClock> clock;
    private final Optional<String> firstPath;
    private final TestUsers users;
    private final HubServer server;
    private final TestHost host;
    private final Optional<InMemoryEngine> engine;
    private final List<TestClient> clients = new CopyOnWriteArrayList<>();

    private TestServer(Builder builder) {
        clock = builder.clock;
        firstPath = Optional.ofNullable(builder.firstPath);
        users = builder.users;
        server = builder.server.build();
        host = builder.host.apply(server);
        engine = host instanceof InMemoryHost inMemory ? Optional.of(inMemory.engine()) : Optional.empty();
    }

    /** Starts a server with one hub, without sockets. */
    public static TestServer of(Class<? extends HubBase<?>> hub) {
        return builder().hub(PATH, hub).start();
    }

    /**
     * Starts a server with one hub behind sockets.
     *
     * @param host see {@link Builder#host}
     */
    public static TestServer withSockets(Function<HttpEndpoint, TestHost> host, Class<? extends HubBase<?>> hub) {
        return builder().host(host).hub(PATH, hub).start();
    }

    /** Starts from a server without hubs. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The server's time, which passes when it is {@linkplain FakeClock#advance told to}.
     *
     * @throws IllegalStateException if the server runs in {@linkplain Builder#realTime real time}
     */
    public FakeClock clock() {
        return clock.orElseThrow(() -> new IllegalStateException("clock of a server in real time (expected: none)"));
    }

    /** What is tested. */
    public HubServer server() {
        return server;
    }

    /** What serves it, for requests that no client sends. */
    public TestHost host() {
        return host;
    }

    /**
     * A hub seen from outside.
     *
     * @throws IllegalArgumentException if the class is mounted nowhere
     */
    public <T> HubContext<T> context(Class<? extends HubBase<T>> hub) {
        return server.context(hub);
    }

    /** Connects a client to the first hub, with the defaults of {@link ClientOptions}. */
    public TestClient connect() {
        return connect(options -> {});
    }

    /** Connects a client to what is at a path. */
    public TestClient connect(String path) {
        return connect(options -> options.path(path));
    }

    /** Connects a client with options that are made on the spot. */
    public TestClient connect(Consumer<ClientOptions.Builder> options) {
        ClientOptions.Builder builder = ClientOptions.builder();
        options.accept(builder);
        return connect(builder.build());
    }

    /**
     * Connects a client.
     *
     * @throws ConnectRefusedException if the server does not let it in
     * @throws AssertionError if the server does not answer in time
     * @throws IllegalStateException if the client is to be a user's and the server's own authenticator decides that, or
     *     no path is given and the server has no hub
     */
    public TestClient connect(ClientOptions options) {
        String path = options.path()
                .or(() -> firstPath)
                .orElseThrow(() -> new IllegalStateException("path: none (expected: one, or a hub to connect to)"));
        int before = users.asked();
        TestClient client = client(HubAddress.of(host, path, options), options);
        if (options.user().isPresent() && users.asked() == before) {
            client.vanish();
            throw new IllegalStateException(
                    "user: of a server with an authenticator of its own (expected: accessToken or headers for it)");
        }
        clients.add(client);
        return client;
    }

    private TestClient client(HubAddress hub, ClientOptions options) {
        return TestClient.connect(hub, options, clock.map(Scheduler.class::cast));
    }

    /** The clients that have been connected, in order. */
    public List<TestClient> clients() {
        return List.copyOf(clients);
    }

    /**
     * Waits until something is so, ten seconds at most.
     *
     * @throws AssertionError if it is not so in time
     */
    public void await(BooleanSupplier condition) {
        host.await(condition);
    }

    /** Closes all clients; the server goes on. */
    public void closeClients() {
        clients.forEach(TestClient::close);
        clients.clear();
    }

    /** Closes all clients, the server and its host. */
    @Override
    public void close() {
        clients.forEach(TestClient::leave);
        clients.clear();
        CompletableFuture<Void> stopped = server.stop().toCompletableFuture();
        if (!isDone(stopped, PATIENCE)) {
            clock.ifPresent(time -> time.advance(LONG_ENOUGH));
            isDone(stopped, PATIENCE);
        }
        host.close();
        engine.ifPresent(InMemoryEngine::close);
    }

    private static boolean isDone(CompletableFuture<Void> stage, Duration inTime) {
        return stage.thenApply(done -> true)
                .completeOnTimeout(false, inTime.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Collects what a {@link TestServer} is made of. Not safe for several threads. */
    public static final class Builder {

        private final HubServerBuilder server = HubServer.builder();
        private final TestUsers users = new TestUsers();
        private Optional<FakeClock> clock = Optional.of(new FakeClock());
        private Function<HttpEndpoint, TestHost> host = InMemoryHost::new;
        private @Nullable String firstPath;

        private Builder() {
            server.authenticator(users);
        }

        /** Mounts a hub at a path. */
        public Builder hub(String path, Class<? extends HubBase<?>> hub) {
            return hub(path, hub, mount -> {});
        }

        /** Mounts a hub at a path. Clients that name no path connect to the first one. */
        public Builder hub(String path, Class<? extends HubBase<?>> hub, Consumer<Mount> mount) {
            server.hub(path, hub, mount);
            firstPath = firstPath == null ? path : firstPath;
            return this;
        }

        /**
         * Sets anything else about the server: options, activator, filters. Its authenticator decides who its clients
         * are; without one, clients are whom they {@linkplain ClientOptions.Builder#user say} they are.
         */
        public Builder server(Consumer<HubServerBuilder> setup) {
            setup.accept(server);
            return this;
        }

        /**
         * Sets what serves: a function that starts a host, which is closed with the server. For one that listens:
         * {@link TestHost#listening(int, Runnable)}. Default: {@link InMemoryHost}.
         */
        public Builder host(Function<HttpEndpoint, TestHost> value) {
            host = Objects.requireNonNull(value, "host: null (expected: a function)");
            return this;
        }

        /** Lets time pass by itself. Clients do not ping then, and servers do not expect it of such. */
        public Builder realTime() {
            clock = Optional.empty();
            return this;
        }

        /** Starts the server. */
        public TestServer start() {
            clock.ifPresent(server::scheduler);
            return new TestServer(this);
        }
    }
}
