package io.hubwire.server.internal.endpoint;

import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.spi.ConnectionRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells of which origins an endpoint takes requests. Safe for any thread. */
final class Origins {

    private final CrossOrigin rules;

    Origins(CrossOrigin rules) {
        this.rules = rules;
    }

    /** Whether pages of another origin are told that they may read the answers. */
    boolean allowsByName(String origin) {
        return rules.anyOrigin() || rules.allowedOrigins().contains(origin.toLowerCase(Locale.ROOT));
    }

    /** Whether a WebSocket may be opened: by anyone who is no browser, by allowed pages, and by our own. */
    boolean admitsSocket(ConnectionRequest request) {
        Optional<String> origin = request.header("Origin");
        return origin.isEmpty() || allowsByName(origin.get()) || isSame(origin.get(), request);
    }

    private boolean isSame(String origin, ConnectionRequest request) {
        int authority = origin.indexOf("://");
        Optional<String> host = target(request);
        if (authority < 0 || host.isEmpty()) {
            return false; // "null", the origin of sandboxed pages and files, is nobody's own
        }
        String scheme = origin.substring(0, authority).toLowerCase(Locale.ROOT);
        String ours = scheme(request);
        // Which default the host without a port means is known behind TLS or a trusted proxy; else the page says it.
        return withPort(origin.substring(authority + 3), scheme)
                .equals(withPort(host.get(), ours == null ? scheme : ours));
    }

    private Optional<String> target(ConnectionRequest request) {
        Optional<String> forwarded = forwarded(request, "X-Forwarded-Host");
        return forwarded.isPresent() ? forwarded : request.header("Host");
    }

    private @Nullable String scheme(ConnectionRequest request) {
        Optional<String> forwarded = forwarded(request, "X-Forwarded-Proto");
        if (forwarded.isPresent()) {
            return forwarded.get().toLowerCase(Locale.ROOT);
        }
        return request.isSecure() ? "https" : null;
    }

    /** What the proxy nearest to the client says, if proxies are trusted. */
    private Optional<String> forwarded(ConnectionRequest request, String header) {
        if (!rules.trustForwardedHeaders()) {
            return Optional.empty();
        }
        return request.header(header)
                .map(value -> value.split(",", 2)[0].strip())
                .filter(value -> !value.isEmpty());
    }

    private static String withPort(String authority, String scheme) {
        String lower = authority.toLowerCase(Locale.ROOT);
        boolean hasPort = lower.lastIndexOf(':') > lower.lastIndexOf(']');
        return hasPort ? lower : lower + (scheme.equals("https") || scheme.equals("wss") ? ":443" : ":80");
    }
}
