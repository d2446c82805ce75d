package io.hubwire.server.internal.endpoint;

import io.hubwire.server.hub.Demand;
import io.hubwire.server.internal.transport.Connections;
import io.hubwire.server.options.CrossOrigin;
import java.util.List;

/**
 * A path and what is behind it.
 *
 * @param path begins with a slash; letter case does not matter, nor does a slash at the end
 * @param connections where its requests go
 * @param crossOrigin which web pages may send them
 * @param demands what is demanded of whoever sends them; all of it must be met
 */
public record Route(String path, Connections connections, CrossOrigin crossOrigin, List<Demand> demands) {

    /**
     * Freezes the list.
     *
     * @throws IllegalArgumentException if the path does not begin with a slash
     */
    public Route {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: begins with a slash)");
        }
        demands = List.copyOf(demands);
    }
}
