package io.hubwire.server.options;

import io.hubwire.protocol.negotiate.TransportType;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How connections of one endpoint are carried. Immutable; where ASP.NET Core SignalR has an option of the same name,
 * default and meaning are the same.
 */
public final class TransportOptions {

    private final Set<TransportType> transports;
    private final int minimumNegotiateVersion;
    private final int applicationMaxBufferSize;
    private final int transportMaxBufferSize;
    private final int maximumOutboxSize;
    private final Duration transportSendTimeout;
    private final Duration pollTimeout;
    private final Duration disconnectTimeout;
    private final Duration closeTimeout;
    private final Duration webSocketPingInterval;
    private final int maximumRequestBodySize;
    private final boolean closeOnAuthenticationExpiration;
    private final boolean allowStatefulReconnects;
    private final Function<List<String>, Optional<String>> subProtocolSelector;

    private TransportOptions(Builder builder) {
        transports = Collections.unmodifiableSet(EnumSet.copyOf(builder.transports));
        minimumNegotiateVersion = builder.minimumNegotiateVersion;
        applicationMaxBufferSize = builder.applicationMaxBufferSize;
        transportMaxBufferSize = builder.transportMaxBufferSize;
        maximumOutboxSize = builder.maximumOutboxSize;
        transportSendTimeout = builder.transportSendTimeout;
        pollTimeout = builder.pollTimeout;
        disconnectTimeout = builder.disconnectTimeout;
        closeTimeout = builder.closeTimeout;
        webSocketPingInterval = builder.webSocketPingInterval;
        maximumRequestBodySize = builder.maximumRequestBodySize;
        closeOnAuthenticationExpiration = builder.closeOnAuthenticationExpiration;
        allowStatefulReconnects = builder.allowStatefulReconnects;
        subProtocolSelector = builder.subProtocolSelector;
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from these options. */
    public Builder toBuilder() {
        return new Builder()
                .transports(transports)
                .minimumNegotiateVersion(minimumNegotiateVersion)
                .applicationMaxBufferSize(applicationMaxBufferSize)
                .transportMaxBufferSize(transportMaxBufferSize)
                .maximumOutboxSize(maximumOutboxSize)
                .transportSendTimeout(transportSendTimeout)
                .pollTimeout(pollTimeout)
                .disconnectTimeout(disconnectTimeout)
                .closeTimeout(closeTimeout)
                .webSocketPingInterval(webSocketPingInterval)
                .maximumRequestBodySize(maximumRequestBodySize)
                .closeOnAuthenticationExpiration(closeOnAuthenticationExpiration)
                .allowStatefulReconnects(allowStatefulReconnects)
                .subProtocolSelector(subProtocolSelector);
    }

    /** Which transports clients may use; negotiate lists them. Default all. */
    public Set<TransportType> transports() {
        return transports;
    }

    /** The lowest negotiate version that clients may ask for: 0, or 1 to refuse clients older than 3.0. Default 0. */
    public int minimumNegotiateVersion() {
        return minimumNegotiateVersion;
    }

    /** How many bytes from a client may wait for its hub before the server stops reading from that client; 0 for no limit. Default 65,536. */
    public int applicationMaxBufferSize() {
        return applicationMaxBufferSize;
    }

    /** How many bytes may wait for a client before direct sends to it are held back: the soft limit of its outbox. Default 65,536. */
    public int transportMaxBufferSize() {
        return transportMaxBufferSize;
    }

    /**
     * How many bytes may wait for a client before it is disconnected: the hard limit of its outbox. One message alone
     * always fits. What may be given up by the {@link SlowConsumerPolicy} of its hub is given up first. What a client of
     * stateful reconnect has not acknowledged counts too, and its calls wait from half of it on; its limit is never below
     * {@link HubOptions#statefulReconnectBufferSize}. Default 1 MiB.
     */
    public int maximumOutboxSize() {
        return maximumOutboxSize;
    }

    /**
     * How long one write to a client may take before it is disconnected. A client of stateful reconnect loses its socket
     * only, and may come back on another. Default 10 s.
     */
    public Duration transportSendTimeout() {
        return transportSendTimeout;
    }

    /** How long a poll without data stays open. Default 90 s; clients give up after 100 s. */
    public Duration pollTimeout() {
        return pollTimeout;
    }

    /**
     * How long a connection may be without a transport request: negotiated and not connected, between two polls, or after
     * a client of stateful reconnect has lost its socket. Default 15 s.
     */
    public Duration disconnectTimeout() {
        return disconnectTimeout;
    }

    /** How long the server waits for the client's part of the WebSocket closing handshake. Default 5 s. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** After how much silence the server sends a WebSocket ping, and cuts the socket after as much again; zero for never. Default zero: hubs have pings of their own. */
    public Duration webSocketPingInterval() {
        return webSocketPingInterval;
    }

    /** The most bytes that one POST may have; more is answered with 413. Default 16 MiB. */
    public int maximumRequestBodySize() {
        return maximumRequestBodySize;
    }

    /**
     * Whether a connection is closed when the authentication of its latest transport request ends; the client is told to
     * come back. Known of principals that are {@link io.hubwire.server.hub.Expiring}. Default false.
     */
    public boolean closeOnAuthenticationExpiration() {
        return closeOnAuthenticationExpiration;
    }

    /**
     * Whether clients may ask for stateful reconnect: a WebSocket that is lost may then be followed by another within
     * {@link #disconnectTimeout}, and nothing is lost or doubled, nor does the hub notice. Default false.
     */
    public boolean allowStatefulReconnects() {
        return allowStatefulReconnects;
    }

    /** Picks one of the WebSocket sub-protocols that a client asks for, or none. Default none. */
    public Function<List<String>, Optional<String>> subProtocolSelector() {
        return subProtocolSelector;
    }

    @Override
    public String toString() {
        return "TransportOptions[transports=" + transports + ", minimumNegotiateVersion=" + minimumNegotiateVersion
                + ", applicationMaxBufferSize=" + applicationMaxBufferSize + ", transportMaxBufferSize="
                + transportMaxBufferSize + ", maximumOutboxSize=" + maximumOutboxSize + ", transportSendTimeout="
                + transportSendTimeout + ", pollTimeout=" + pollTimeout + ", disconnectTimeout=" + disconnectTimeout
                + ", closeTimeout=" + closeTimeout + ", webSocketPingInterval=" + webSocketPingInterval
                + ", maximumRequestBodySize=" + maximumRequestBodySize + ", closeOnAuthenticationExpiration="
                + closeOnAuthenticationExpiration
                + ", allowStatefulReconnects=" + allowStatefulReconnects + "]";
    }

    /** Collects options; each setter checks its own value. Not safe for several threads. */
    public static final class Builder {

        private Set<TransportType> transports = EnumSet.allOf(TransportType.class);
        private int minimumNegotiateVersion = 0;
        private int applicationMaxBufferSize = 64 * 1024;
        private int transportMaxBufferSize = 64 * 1024;
        private int maximumOutboxSize = 1024 * 1024;
        private Duration transportSendTimeout = Duration.ofSeconds(10);
        private Duration pollTimeout = Duration.ofSeconds(90);
        private Duration disconnectTimeout = Duration.ofSeconds(15);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration webSocketPingInterval = Duration.ZERO;
        private int maximumRequestBodySize = 16 * 1024 * 1024;
        private boolean closeOnAuthenticationExpiration;
        private boolean allowStatefulReconnects;
        private Function<List<String>, Optional<String>> subProtocolSelector = asked -> Optional.empty();

        private Builder() {}

        /** Sets {@link TransportOptions#transports}; at least one. */
        public Builder transports(Set<TransportType> value) {
            if (Checks.given("transports", value, "at least one").isEmpty()) {
                throw new IllegalArgumentException("transports: [] (expected: at least one)");
            }
            transports = EnumSet.copyOf(value);
            return this;
        }

        /** Sets {@link TransportOptions#minimumNegotiateVersion}; at least 0. */
        public Builder minimumNegotiateVersion(int value) {
            minimumNegotiateVersion = Checks.atLeast("minimumNegotiateVersion", 0, value);
            return this;
        }

        /** Sets {@link TransportOptions#applicationMaxBufferSize}; at least 0. */
        public Builder applicationMaxBufferSize(int value) {
            applicationMaxBufferSize = Checks.atLeast("applicationMaxBufferSize", 0, value);
            return this;
        }

        /** Sets {@link TransportOptions#transportMaxBufferSize}; at least 1. */
        public Builder transportMaxBufferSize(int value) {
            transportMaxBufferSize = Checks.atLeast("transportMaxBufferSize", 1, value);
            return this;
        }

        /** Sets {@link TransportOptions#maximumOutboxSize}; at least 1. */
        public Builder maximumOutboxSize(int value) {
            maximumOutboxSize = Checks.atLeast("maximumOutboxSize", 1, value);
            return this;
        }

        /** Sets {@link TransportOptions#transportSendTimeout}; above zero. */
        public Builder transportSendTimeout(Duration value) {
            transportSendTimeout = Checks.positive("transportSendTimeout", value);
            return this;
        }

        /** Sets {@link TransportOptions#pollTimeout}; above zero. */
        public Builder pollTimeout(Duration value) {
            pollTimeout = Checks.positive("pollTimeout", value);
            return this;
        }

        /** Sets {@link TransportOptions#disconnectTimeout}; above zero. */
        public Builder disconnectTimeout(Duration value) {
            disconnectTimeout = Checks.positive("disconnectTimeout", value);
            return this;
        }

        /** Sets {@link TransportOptions#closeTimeout}; above zero. */
        public Builder closeTimeout(Duration value) {
            closeTimeout = Checks.positive("closeTimeout", value);
            return this;
        }

        /** Sets {@link TransportOptions#webSocketPingInterval}; zero for never. */
        public Builder webSocketPingInterval(Duration value) {
            webSocketPingInterval = Checks.notNegative("webSocketPingInterval", value);
            return this;
        }

        /** Sets {@link TransportOptions#maximumRequestBodySize}; at least 1. */
        public Builder maximumRequestBodySize(int value) {
            maximumRequestBodySize = Checks.atLeast("maximumRequestBodySize", 1, value);
            return this;
        }

        /** Sets {@link TransportOptions#closeOnAuthenticationExpiration}. */
        public Builder closeOnAuthenticationExpiration(boolean value) {
            closeOnAuthenticationExpiration = value;
            return this;
        }

        /** Sets {@link TransportOptions#allowStatefulReconnects}. */
        public Builder allowStatefulReconnects(boolean value) {
            allowStatefulReconnects = value;
            return this;
        }

        /** Sets {@link TransportOptions#subProtocolSelector}. */
        public Builder subProtocolSelector(Function<List<String>, Optional<String>> value) {
            subProtocolSelector = Checks.given("subProtocolSelector", value, "a function");
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if the hard limit of the outbox is below the soft one
         */
        public TransportOptions build() {
            if (maximumOutboxSize < transportMaxBufferSize) {
                throw new IllegalArgumentException("maximumOutboxSize: " + maximumOutboxSize
                        + " (expected: >= transportMaxBufferSize, " + transportMaxBufferSize + ")");
            }
            return new TransportOptions(this);
        }
    }
}
