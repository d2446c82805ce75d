package io.hubwire.server.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP request of a client, as it was when it arrived: what outlives the exchange.
 *
 * <p>Immutable. Its {@code toString} shows method and path only, since queries and headers carry tokens.
 */
public final class ConnectionRequest {

    private final String method;
    private final String path;
    private final String rawQuery;
    private final String[] headers;
    private final InetSocketAddress remoteAddress;
    private final boolean secure;
    private final Optional<Principal> principal;

    private ConnectionRequest(HttpExchange exchange) {
        method = exchange.method();
        path = exchange.path();
        rawQuery = exchange.rawQuery();
        headers = flat(exchange.headers());
        remoteAddress = exchange.remoteAddress();
        secure = exchange.isSecure();
        principal = exchange.principal();
    }

    /** Takes down what {@code exchange} was asked. */
    public static ConnectionRequest of(HttpExchange exchange) {
        return new ConnectionRequest(exchange);
    }

    /** The request method. */
    public String method() {
        return method;
    }

    /** The decoded path as the client sent it. */
    public String path() {
        return path;
    }

    /** The query as it was sent, without the question mark; empty when there was none. May hold tokens. */
    public String rawQuery() {
        return rawQuery;
    }

    /**
     * A value from the query; the name ignores case. Values of a repeated name are joined by commas, as in ASP.NET Core.
     *
     * @return empty when the name is absent; present and perhaps blank otherwise
     */
    public Optional<String> query(String name) {
        List<String> found = new ArrayList<>(1);
        for (int start = 0; start < rawQuery.length(); ) {
            int end = rawQuery.indexOf('&', start);
            end = end < 0 ? rawQuery.length() : end;
            int equals = rawQuery.indexOf('=', start);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (nameEnd > start && name.equalsIgnoreCase(decoded(start, nameEnd))) {
                found.add(nameEnd == end ? "" : decoded(nameEnd + 1, end));
            }
            start = end + 1;
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join(",", found));
    }

    private String decoded(int start, int end) {
        String raw = rawQuery.substring(start, end);
        if (raw.indexOf('%') < 0 && raw.indexOf('+') < 0) {
            return raw;
        }
        try {
            return URLDecoder.decode(raw, UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return raw;
        }
    }

    /** The first value of a header; the name ignores case. */
    public Optional<String> header(String name) {
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase(name)) {
                return Optional.of(headers[i + 1]);
            }
        }
        return Optional.empty();
    }

    /** All values of a header, in order; the name ignores case. */
    public List<String> headers(String name) {
        List<String> found = new ArrayList<>(1);
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase(name)) {
                found.add(headers[i + 1]);
            }
        }
        return found;
    }

    /** The value of a cookie that the client sent; the name is case-sensitive. */
    public Optional<String> cookie(String name) {
        for (String line : headers("cookie")) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    return Optional.of(pair.substring(equals + 1).strip());
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The token of a bearer client: from the {@code Authorization} header, or where that is missing from
     * {@code access_token} in the query of a GET, which browsers use where they cannot set headers: for WebSockets and
     * Server-Sent Events.
     */
    public Optional<String> bearerToken() {
        Optional<String> authorization = header("authorization");
        if (authorization.isEmpty()) {
            return method.equals("GET") ? query("access_token").filter(token -> !token.isEmpty()) : Optional.empty();
        }
        String value = authorization.get();
        return value.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.of(value.substring(7).strip())
                : Optional.empty();
    }

    /** Where the client connected from. */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** Tells whether the request came over TLS. */
    public boolean isSecure() {
        return secure;
    }

    /** Who the container says is asking; empty on hosts that do not authenticate. */
    public Optional<Principal> principal() {
        return principal;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }

    private static String[] flat(Map<String, List<String>> headers) {
        List<String> flat = new ArrayList<>(headers.size() * 2);
        headers.forEach((name, values) -> values.forEach(value -> {
            flat.add(name.toLowerCase(Locale.ROOT));
            flat.add(value);
        }));
        return flat.toArray(String[]::new);
    }
}
