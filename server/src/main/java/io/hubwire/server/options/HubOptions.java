package io.hubwire.server.options;

import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a server treats the clients of a hub. Immutable; defaults and meanings are those of ASP.NET Core SignalR's option
 * of the same name.
 */
public final class HubOptions {

    private static final Set<String> KNOWN_PROTOCOLS = Set.of("json", "messagepack");
    private static final String PROTOCOLS = "json, messagepack or both";

    private final Duration handshakeTimeout;
    private final Duration keepAliveInterval;
    private final Duration clientTimeoutInterval;
    private final int maximumReceiveMessageSize;
    private final boolean enableDetailedErrors;
    private final int maximumParallelInvocationsPerClient;
    private final int streamBufferCapacity;
    private final int maximumParallelUploads;
    private final int maximumParallelStreams;
    private final RateLimit rateLimit;
    private final Set<String> supportedProtocols;
    private final int statefulReconnectBufferSize;

    private HubOptions(Builder builder) {
        handshakeTimeout = builder.handshakeTimeout;
        keepAliveInterval = builder.keepAliveInterval;
        clientTimeoutInterval = builder.clientTimeoutInterval;
        maximumReceiveMessageSize = builder.maximumReceiveMessageSize;
        enableDetailedErrors = builder.enableDetailedErrors;
        maximumParallelInvocationsPerClient = builder.maximumParallelInvocationsPerClient;
        streamBufferCapacity = builder.streamBufferCapacity;
        maximumParallelUploads = builder.maximumParallelUploads;
        maximumParallelStreams = builder.maximumParallelStreams;
        rateLimit = builder.rateLimit;
        supportedProtocols = builder.supportedProtocols;
        statefulReconnectBufferSize = builder.statefulReconnectBufferSize;
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from these options. */
    public Builder toBuilder() {
        Builder builder = new Builder()
                .handshakeTimeout(handshakeTimeout)
                .keepAliveInterval(keepAliveInterval)
                .clientTimeoutInterval(clientTimeoutInterval)
                .maximumReceiveMessageSize(maximumReceiveMessageSize)
                .enableDetailedErrors(enableDetailedErrors)
                .maximumParallelInvocationsPerClient(maximumParallelInvocationsPerClient)
                .streamBufferCapacity(streamBufferCapacity)
                .maximumParallelUploads(maximumParallelUploads)
                .maximumParallelStreams(maximumParallelStreams)
                .rateLimit(rateLimit)
                .statefulReconnectBufferSize(statefulReconnectBufferSize);
        builder.supportedProtocols = supportedProtocols;
        return builder;
    }

    /** How long a client may take from its first transport request to a whole handshake request. Default 15 s. */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** How often the server pings a client, other traffic or not; never over long polling. Default 15 s. */
    public Duration keepAliveInterval() {
        return keepAliveInterval;
    }

    /**
     * How long a client that has pinged once may be silent before its connection is closed; not counted while the
     * server itself has stopped reading, and never over long polling. Default 30 s.
     */
    public Duration clientTimeoutInterval() {
        return clientTimeoutInterval;
    }

    /** The most bytes that one message from a client may have, its end mark included; 0 for no limit. Default 32,768. */
    public int maximumReceiveMessageSize() {
        return maximumReceiveMessageSize;
    }

    /** Whether clients see class and message of every exception, not of {@code HubException} alone. Default false. */
    public boolean enableDetailedErrors() {
        return enableDetailedErrors;
    }

    /** How many calls of one client may run at once. Default 1: one after the other, answered in order. */
    public int maximumParallelInvocationsPerClient() {
        return maximumParallelInvocationsPerClient;
    }

    /**
     * How many elements of one stream from a client may wait for its hub. One more, and the server reads nothing more from
     * that client until the hub has taken one. Default 10.
     */
    public int streamBufferCapacity() {
        return streamBufferCapacity;
    }

    /**
     * How many streams one client may be sending at a time to calls that run, those that it has ended included; calls that
     * bring more are refused. Default 100.
     */
    public int maximumParallelUploads() {
        return maximumParallelUploads;
    }

    /** How many streams one client may be receiving at a time; calls for more are refused. Default 1,000. */
    public int maximumParallelStreams() {
        return maximumParallelStreams;
    }

    /** How often one connection may call. Default {@link RateLimit#none}. */
    public RateLimit rateLimit() {
        return rateLimit;
    }

    /**
     * Which hub protocols clients may speak, in lower case. Default none in particular, which means each that there is
     * a payload mapper for.
     */
    public Set<String> supportedProtocols() {
        return supportedProtocols;
    }

    /**
     * How many bytes a client of stateful reconnect may leave unacknowledged before direct sends to it wait, for five
     * seconds at most; its next call does beyond half of {@link TransportOptions#maximumOutboxSize}. Default 100,000.
     */
    public int statefulReconnectBufferSize() {
        return statefulReconnectBufferSize;
    }

    @Override
    public String toString() {
        return "HubOptions[handshakeTimeout=" + handshakeTimeout + ", keepAliveInterval=" + keepAliveInterval
                + ", clientTimeoutInterval=" + clientTimeoutInterval + ", maximumReceiveMessageSize="
                + maximumReceiveMessageSize + ", enableDetailedErrors=" + enableDetailedErrors
                + ", maximumParallelInvocationsPerClient=" + maximumParallelInvocationsPerClient
                + ", streamBufferCapacity=" + streamBufferCapacity + ", maximumParallelUploads="
                + maximumParallelUploads + ", maximumParallelStreams=" + maximumParallelStreams + ", rateLimit="
                + rateLimit
                + ", supportedProtocols=" + supportedProtocols
                + ", statefulReconnectBufferSize=" + statefulReconnectBufferSize + "]";
    }

    /** Collects options; each setter checks its own value. Not safe for several threads. */
    public static final class Builder {

        private Duration handshakeTimeout = Duration.ofSeconds(15);
        private Duration keepAliveInterval = Duration.ofSeconds(15);
        private Duration clientTimeoutInterval = Duration.ofSeconds(30);
        private int maximumReceiveMessageSize = 32 * 1024;
        private boolean enableDetailedErrors;
        private int maximumParallelInvocationsPerClient = 1;
        private int streamBufferCapacity = 10;
        private int maximumParallelUploads = 100;
        private int maximumParallelStreams = 1_000;
        private RateLimit rateLimit = RateLimit.none();
        private Set<String> supportedProtocols = Set.of();
        private int statefulReconnectBufferSize = 100_000;

        private Builder() {}

        /** Sets {@link HubOptions#handshakeTimeout}; above zero. */
        public Builder handshakeTimeout(Duration value) {
            handshakeTimeout = Checks.positive("handshakeTimeout", value);
            return this;
        }

        /** Sets {@link HubOptions#keepAliveInterval}; above zero. */
        public Builder keepAliveInterval(Duration value) {
            keepAliveInterval = Checks.positive("keepAliveInterval", value);
            return this;
        }

        /** Sets {@link HubOptions#clientTimeoutInterval}; above zero, sensibly twice the clients' ping interval. */
        public Builder clientTimeoutInterval(Duration value) {
            clientTimeoutInterval = Checks.positive("clientTimeoutInterval", value);
            return this;
        }

        /** Sets {@link HubOptions#maximumReceiveMessageSize}; 0 for no limit. */
        public Builder maximumReceiveMessageSize(int value) {
            maximumReceiveMessageSize = Checks.atLeast("maximumReceiveMessageSize", 0, value);
            return this;
        }

        /** Sets {@link HubOptions#enableDetailedErrors}. */
        public Builder enableDetailedErrors(boolean value) {
            enableDetailedErrors = value;
            return this;
        }

        /** Sets {@link HubOptions#maximumParallelInvocationsPerClient}; at least 1. */
        public Builder maximumParallelInvocationsPerClient(int value) {
            maximumParallelInvocationsPerClient = Checks.atLeast("maximumParallelInvocationsPerClient", 1, value);
            return this;
        }

        /** Sets {@link HubOptions#streamBufferCapacity}; at least 1. */
        public Builder streamBufferCapacity(int value) {
            streamBufferCapacity = Checks.atLeast("streamBufferCapacity", 1, value);
            return this;
        }

        /** Sets {@link HubOptions#maximumParallelUploads}; at least 1. */
        public Builder maximumParallelUploads(int value) {
            maximumParallelUploads = Checks.atLeast("maximumParallelUploads", 1, value);
            return this;
        }

        /** Sets {@link HubOptions#maximumParallelStreams}; at least 1. */
        public Builder maximumParallelStreams(int value) {
            maximumParallelStreams = Checks.atLeast("maximumParallelStreams", 1, value);
            return this;
        }

        /** Sets {@link HubOptions#rateLimit}. */
        public Builder rateLimit(RateLimit value) {
            rateLimit = Checks.given("rateLimit", value, "a limit, or none()");
            return this;
        }

        /**
         * Sets {@link HubOptions#supportedProtocols}; {@code json}, {@code messagepack} or both, in any case of letters.
         *
         * @throws IllegalArgumentException if there is another among them, or none at all
         */
        public Builder supportedProtocols(Set<String> value) {
            Set<String> names = new TreeSet<>();
            Checks.given("supportedProtocols", value, PROTOCOLS)
                    .forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
            if (names.isEmpty() || !KNOWN_PROTOCOLS.containsAll(names)) {
                throw new IllegalArgumentException("supportedProtocols: " + value + " (expected: " + PROTOCOLS + ")");
            }
            supportedProtocols = Collections.unmodifiableSet(names);
            return this;
        }

        /** Sets {@link HubOptions#statefulReconnectBufferSize}; at least 1. */
        public Builder statefulReconnectBufferSize(int value) {
            statefulReconnectBufferSize = Checks.atLeast("statefulReconnectBufferSize", 1, value);
            return this;
        }

        /** Makes the options. */
        public HubOptions build() {
            return new HubOptions(this);
        }
    }
}
