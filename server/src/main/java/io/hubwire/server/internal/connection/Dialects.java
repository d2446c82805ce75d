package io.hubwire.server.internal.connection;

import io.hubwire.protocol.HubProtocol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the clients of one hub may speak, by the names that handshakes ask for in any case. */
final class Dialects {

    private final Map<String, CoreDialect> byName = new LinkedHashMap<>();

    Dialects(List<HubProtocol> protocols) {
        protocols.forEach(each -> byName.put(each.name().toLowerCase(Locale.ROOT), new CoreDialect(each)));
    }

    Collection<CoreDialect> all() {
        return byName.values();
    }

    Optional<CoreDialect> of(String protocol) {
        return Optional.ofNullable(byName.get(protocol.toLowerCase(Locale.ROOT)));
    }

    /** What is spoken before a handshake. */
    CoreDialect any() {
        return byName.values().iterator().next();
    }
}
