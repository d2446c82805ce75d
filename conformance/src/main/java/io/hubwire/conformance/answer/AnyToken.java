package io.hubwire.conformance.answer;

import io.hubwire.server.spi.ConnectionRequest;
import java.util.Optional;

/** The bearer token of a request, in the query of any request too: these suites do not keep to GET. */
public final class AnyToken {

    private AnyToken() {}

    /** The token of the header or, only where there is no such header, of {@code access_token} in the query. */
    public static Optional<String> of(ConnectionRequest request) {
        return request.header("authorization").isPresent()
                ? request.bearerToken()
                : request.query("access_token").filter(token -> !token.isEmpty());
    }
}
