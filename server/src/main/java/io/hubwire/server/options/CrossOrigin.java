package io.hubwire.server.options;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which web pages may use an endpoint. Immutable.
 *
 * <p>Closed by default: pages of the same origin only, which is one whose host and port are those that the request was
 * sent to. Pages of other origins are allowed by name, or all of them. An allowed page may send credentials, any method
 * and any header; of one that is not allowed, browsers drop the answers, and WebSockets are refused with 403. Clients
 * that are no browsers send no origin and are not concerned.
 */
public final class CrossOrigin {

    private static final CrossOrigin SAME_ORIGIN = builder().build();

    private final Set<String> allowedOrigins;
    private final boolean anyOrigin;
    private final boolean trustForwardedHeaders;

    private CrossOrigin(Builder builder) {
        allowedOrigins = Set.copyOf(builder.allowedOrigins);
        anyOrigin = builder.anyOrigin;
        trustForwardedHeaders = builder.trustForwardedHeaders;
    }

    /** Allows pages of the same origin only. */
    public static CrossOrigin sameOrigin() {
        return SAME_ORIGIN;
    }

    /** Starts from {@link #sameOrigin}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.allowedOrigins.addAll(allowedOrigins);
        builder.anyOrigin = anyOrigin;
        return builder.trustForwardedHeaders(trustForwardedHeaders);
    }

    /** The origins that are allowed by name, in lower case and without a default port. */
    public Set<String> allowedOrigins() {
        return allowedOrigins;
    }

    /** Whether pages of every origin are allowed. Default false. */
    public boolean anyOrigin() {
        return anyOrigin;
    }

    /**
     * Whether {@code X-Forwarded-Host} and {@code X-Forwarded-Proto} say what the request was sent to. Only behind a proxy
     * that sets or removes them. Default false.
     */
    public boolean trustForwardedHeaders() {
        return trustForwardedHeaders;
    }

    @Override
    public String toString() {
        return "CrossOrigin[allowedOrigins=" + allowedOrigins + ", anyOrigin=" + anyOrigin + ", trustForwardedHeaders="
                + trustForwardedHeaders + "]";
    }

    /** Collects what is allowed. Not safe for several threads. */
    public static final class Builder {

        private final Set<String> allowedOrigins = new LinkedHashSet<>();
        private boolean anyOrigin;
        private boolean trustForwardedHeaders;

        private Builder() {}

        /**
         * Allows pages of these origins, besides those allowed before.
         *
         * @param origins each as browsers send it: scheme, host, and port unless it is the default one, such as
         *     {@code https://app.example}
         * @throws IllegalArgumentException if one is none
         */
        public Builder allow(String... origins) {
            for (String origin : origins) {
                allowedOrigins.add(normalized(origin));
            }
            return this;
        }

        /** Allows pages of every origin, with credentials: for servers that do not tell users by cookies or networks. */
        public Builder allowAny() {
            anyOrigin = true;
            return this;
        }

        /** Sets {@link CrossOrigin#trustForwardedHeaders}. */
        public Builder trustForwardedHeaders(boolean value) {
            trustForwardedHeaders = value;
            return this;
        }

        /** Makes the rules. */
        public CrossOrigin build() {
            return new CrossOrigin(this);
        }

        private static String normalized(String origin) {
            String lower = origin.toLowerCase(Locale.ROOT);
            int host = lower.indexOf("://") + 3;
            if (host < 4 || host == lower.length() || lower.indexOf('/', host) >= 0 || lower.indexOf('*') >= 0) {
                throw new IllegalArgumentException(
                        "allow: " + origin + " (expected: scheme://host or scheme://host:port)");
            }
            return withoutDefaultPort(lower);
        }

        private static String withoutDefaultPort(String origin) {
            if (origin.startsWith("http://") && origin.endsWith(":80")) {
                return origin.substring(0, origin.length() - ":80".length());
            }
            if (origin.startsWith("https://") && origin.endsWith(":443")) {
                return origin.substring(0, origin.length() - ":443".length());
            }
            return origin;
        }
    }
}
