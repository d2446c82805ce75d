package io.hubwire.server;

import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.json.JsonHubProtocol;
import io.hubwire.protocol.msgpack.MessagePackHubProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** The payload mappers that there are, at most one for each dialect, and what can be spoken with them. */
final class Payloads {

    private static final String JSON = "json";
    private static final String MESSAGE_PACK = "messagepack";

    private final Map<String, PayloadMapper> byDialect = new HashMap<>();

    /** Returns the first mapper of each dialect that the class path has. */
    static Payloads found() {
        Payloads found = new Payloads();
        ServiceLoader.load(PayloadMapper.class)
                .forEach(mapper -> found.byDialect.putIfAbsent(mapper.dialect().toLowerCase(Locale.ROOT), mapper));
        return found;
    }

    /** Adds a mapper, in place of the one of its dialect. */
    void add(PayloadMapper mapper) {
        byDialect.put(dialect(Objects.requireNonNull(mapper, "payload")), mapper);
    }

    private static String dialect(PayloadMapper mapper) {
        String dialect = mapper.dialect().toLowerCase(Locale.ROOT);
        if (!dialect.equals(JSON) && !dialect.equals(MESSAGE_PACK)) {
            throw new IllegalArgumentException("payload: " + mapper.getClass().getName() + " of " + mapper.dialect()
                    + " (expected: json or messagepack)");
        }
        return dialect;
    }

    /** Returns these mappers, and the others for dialects that these have none for. */
    Payloads or(Payloads others) {
        Payloads both = new Payloads();
        both.byDialect.putAll(others.byDialect);
        both.byDialect.putAll(byDialect);
        return both;
    }

    /**
     * Returns the protocols of a hub.
     *
     * @param wanted those that must be there; if none, JSON must be and the others may
     * @throws IllegalStateException if there is no mapper for one that must be there
     */
    List<HubProtocol> protocols(Set<String> wanted) {
        Set<String> demanded = wanted.isEmpty() ? Set.of(JSON) : wanted;
        for (String dialect : demanded) {
            if (!byDialect.containsKey(dialect)) {
                throw new IllegalStateException(
                        "No payload mapper for " + dialect + ": add hubwire-payload-jackson or call payload(…)");
            }
        }
        List<HubProtocol> protocols = new ArrayList<>();
        chosen(JSON, wanted).map(JsonHubProtocol::new).ifPresent(protocols::add);
        chosen(MESSAGE_PACK, wanted).map(MessagePackHubProtocol::new).ifPresent(protocols::add);
        return protocols;
    }

    private Optional<PayloadMapper> chosen(String dialect, Set<String> wanted) {
        return wanted.isEmpty() || wanted.contains(dialect)
                ? Optional.ofNullable(byDialect.get(dialect))
                : Optional.empty();
    }
}
