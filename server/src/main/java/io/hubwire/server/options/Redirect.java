package io.hubwire.server.options;

import java.util.Optional;

/**
 * Where a client that negotiates is sent instead of being let in: to another server, or to a service in between.
 *
 * @param url where to negotiate again; its query is kept
 * @param accessToken what the client authenticates with there; empty to go on as before
 */
public record Redirect(String url, Optional<String> accessToken) {

    /** Keeps the token, and what the address may carry, out of logs. */
    @Override
    public String toString() {
        return "Redirect";
    }
}
