package io.hubwire.testkit;

import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.negotiate.TransportType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** How a {@link TestClient} connects, and what it speaks. Immutable. */
public final class ClientOptions {

    private final Optional<String> path;
    private final TransportType transport;
    private final Dialect dialect;
    private final Optional<PayloadMapper> payload;
    private final List<Map.Entry<String, String>> headers;
    private final List<Map.Entry<String, String>> query;
    private final Optional<String> accessToken;
    private final Optional<TestUser> user;
    private final Duration patience;
    private final Duration keepAliveInterval;

    private ClientOptions(Builder builder) {
        path = builder.path;
        transport = builder.transport;
        dialect = builder.dialect;
        payload = builder.payload;
        headers = List.copyOf(builder.headers);
        query = List.copyOf(builder.query);
        accessToken = builder.accessToken;
        user = builder.user;
        patience = builder.patience;
        keepAliveInterval = builder.keepAliveInterval;
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where to connect to. Default: the path of the first hub. */
    public Optional<String> path() {
        return path;
    }

    /** What carries the connection. Default WebSockets. */
    public TransportType transport() {
        return transport;
    }

    /** The name of the hub protocol: {@code json} or {@code messagepack}. Default {@code json}. */
    public String protocol() {
        return dialect.wireName();
    }

    /** How values become bytes and back. Default: the mapper for the protocol that is on the class path. */
    public Optional<PayloadMapper> payload() {
        return payload;
    }

    /** The headers that each request has, in order. Default none. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** The query that each request has, unescaped and in order. Default none. */
    public List<Map.Entry<String, String>> query() {
        return query;
    }

    /** The bearer token that each request has. Default none. */
    public Optional<String> accessToken() {
        return accessToken;
    }

    /** How long a client waits for what has to come, in real time. Default 5 s. */
    public Duration patience() {
        return patience;
    }

    /** After how much time of the server's {@link FakeClock} the client pings, each time; zero for never. Default 15 s. */
    public Duration keepAliveInterval() {
        return keepAliveInterval;
    }

    Optional<TestUser> user() {
        return user;
    }

    HubProtocol hubProtocol() {
        return dialect.with(payload);
    }

    @Override
    public String toString() {
        return "ClientOptions[path=" + path.orElse("(first)") + ", transport=" + transport.wireName() + ", protocol="
                + protocol() + ", user=" + user.map(TestUser::name).orElse("(none)") + ", patience=" + patience
                + ", keepAliveInterval=" + keepAliveInterval + "]";
    }

    /** Collects options; each setter checks its own value. Not safe for several threads. */
    public static final class Builder {

        private Optional<String> path = Optional.empty();
        private TransportType transport = TransportType.WEB_SOCKETS;
        private Dialect dialect = Dialect.JSON;
        private Optional<PayloadMapper> payload = Optional.empty();
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();
        private final List<Map.Entry<String, String>> query = new ArrayList<>();
        private Optional<String> accessToken = Optional.empty();
        private Optional<TestUser> user = Optional.empty();
        private Duration patience = Duration.ofSeconds(5);
        private Duration keepAliveInterval = Duration.ofSeconds(15);

        private Builder() {}

        /** Sets {@link ClientOptions#path}; with a leading slash. */
        public Builder path(String value) {
            if (!given("path", value, "a leading slash").startsWith("/")) {
                throw new IllegalArgumentException("path: " + value + " (expected: a leading slash)");
            }
            path = Optional.of(value);
            return this;
        }

        /** Sets {@link ClientOptions#transport}. */
        public Builder transport(TransportType value) {
            transport = given("transport", value, "a transport");
            return this;
        }

        /** Sets {@link ClientOptions#protocol}; {@code json} or {@code messagepack}. */
        public Builder protocol(String value) {
            dialect = Dialect.named(given("protocol", value, "json or messagepack"));
            return this;
        }

        /** Sets {@link ClientOptions#payload}; of the dialect that the client speaks. */
        public Builder payload(PayloadMapper value) {
            payload = Optional.of(given("payload", value, "a mapper"));
            return this;
        }

        /** Adds one of {@link ClientOptions#headers}. */
        public Builder header(String name, String value) {
            headers.add(Map.entry(given("header", name, "a name"), given("header", value, "a value")));
            return this;
        }

        /** Adds to {@link ClientOptions#query}. */
        public Builder query(String name, String value) {
            query.add(Map.entry(given("query", name, "a name"), given("query", value, "a value")));
            return this;
        }

        /** Sets {@link ClientOptions#accessToken}. */
        public Builder accessToken(String value) {
            accessToken = Optional.of(given("accessToken", value, "a token"));
            return this;
        }

        /**
         * Makes the client one of a user, without any token: a {@link TestServer} that has no authenticator of its own
         * believes it.
         */
        public Builder user(String name, String... roles) {
            user = Optional.of(new TestUser(given("user", name, "a name"), Set.of(roles)));
            return this;
        }

        /** Sets {@link ClientOptions#patience}; above zero. */
        public Builder patience(Duration value) {
            if (given("patience", value, "> 0").isNegative() || value.isZero()) {
                throw new IllegalArgumentException("patience: " + value + " (expected: > 0)");
            }
            patience = value;
            return this;
        }

        /** Sets {@link ClientOptions#keepAliveInterval}; zero for never. */
        public Builder keepAliveInterval(Duration value) {
            if (given("keepAliveInterval", value, ">= 0").isNegative()) {
                throw new IllegalArgumentException("keepAliveInterval: " + value + " (expected: >= 0)");
            }
            keepAliveInterval = value;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if the transport cannot carry the protocol, or the payload mapper is one of
         *     another protocol
         */
        public ClientOptions build() {
            TransferFormat needed = dialect.transferFormat();
            if (!transport.transferFormats().contains(needed)) {
                throw new IllegalArgumentException("protocol: " + dialect.wireName() + " (expected: "
                        + transport.wireName() + " carries " + transport.transferFormats() + ")");
            }
            payload.map(PayloadMapper::dialect)
                    .filter(name -> !name.equalsIgnoreCase(dialect.wireName()))
                    .ifPresent(name -> {
                        throw new IllegalArgumentException(
                                "payload: for " + name + " (expected: for " + dialect.wireName() + ")");
                    });
            return new ClientOptions(this);
        }

        private static <T> T given(String option, T value, String expected) {
            return Objects.requireNonNull(value, () -> option + ": null (expected: " + expected + ")");
        }
    }
}
