package io.hubwire.server.internal.connection;

import io.hubwire.protocol.HubProtocol;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.OutboxLimits;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the connections of one hub at one endpoint have in common. */
public final class ConnectionSettings {

    private final ConnectionServices services;
    private final HubOptions options;
    private final TransportOptions transport;
    private final Map<String, CoreDialect> dialects;
    private final ErrorTexts texts;
    private final OutboxLimits limits;
    private final OutboxLimits acknowledged;

    private ConnectionSettings(
            ConnectionServices services,
            HubOptions options,
            TransportOptions transport,
            Map<String, CoreDialect> spoken) {
        this.services = services;
        this.options = options;
        this.transport = transport;
        this.dialects = spoken;
        this.texts = new ErrorTexts(options.enableDetailedErrors());
        this.limits = OutboxLimits.of(transport);
        this.acknowledged = limits.acknowledged(options.statefulReconnectBufferSize());
    }

    /** Settings for a hub whose clients may speak these protocols; the first speaks before a handshake. */
    public static ConnectionSettings of(
            ConnectionServices services, HubOptions options, TransportOptions transport, List<HubProtocol> protocols) {
        Map<String, CoreDialect> spoken = new LinkedHashMap<>();
        protocols.forEach(each -> spoken.put(each.name().toLowerCase(Locale.ROOT), new CoreDialect(each)));
        return new ConnectionSettings(services, options, transport, spoken);
    }

    /** The same hub at another endpoint: other transport options, the same dialects. */
    public ConnectionSettings at(TransportOptions endpoint) {
        return new ConnectionSettings(services, options, endpoint, dialects);
    }

    /** What the hub's clients may speak. */
    public Collection<? extends Dialect> dialects() {
        return dialects.values();
    }

    /** The texts of the hub's clients. */
    public ErrorTexts texts() {
        return texts;
    }

    ConnectionServices services() {
        return services;
    }

    HubOptions options() {
        return options;
    }

    TransportOptions transport() {
        return transport;
    }

    OutboxLimits limits() {
        return limits;
    }

    /** The limits where the client says what has arrived. */
    OutboxLimits acknowledged() {
        return acknowledged;
    }

    Optional<CoreDialect> dialect(String protocol) {
        return Optional.ofNullable(dialects.get(protocol.toLowerCase(Locale.ROOT)));
    }

    CoreDialect anyDialect() {
        return dialects.values().iterator().next();
    }
}
