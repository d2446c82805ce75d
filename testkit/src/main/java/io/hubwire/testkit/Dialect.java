package io.hubwire.testkit;

import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.json.JsonHubProtocol;
import io.hubwire.protocol.msgpack.MessagePackHubProtocol;
import java.util.Arrays;
import java.util.Optional;
import java.util.ServiceLoader;

/** What a client can speak. */
enum Dialect {
    JSON("json", TransferFormat.TEXT),
    MESSAGE_PACK("messagepack", TransferFormat.BINARY);

    private final String wireName;
    private final TransferFormat transferFormat;

    Dialect(String wireName, TransferFormat transferFormat) {
        this.wireName = wireName;
        this.transferFormat = transferFormat;
    }

    static Dialect named(String name) {
        return Arrays.stream(values())
                .filter(dialect -> dialect.wireName.equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("protocol: " + name + " (expected: json or messagepack)"));
    }

    String wireName() {
        return wireName;
    }

    TransferFormat transferFormat() {
        return transferFormat;
    }

    /** Speaks with a mapper: the one that is given, or the first that is found. */
    HubProtocol with(Optional<PayloadMapper> given) {
        PayloadMapper mapper = given.orElseGet(this::found);
        return switch (this) {
            case JSON -> new JsonHubProtocol(mapper);
            case MESSAGE_PACK -> new MessagePackHubProtocol(mapper);
        };
    }

    private PayloadMapper found() {
        return ServiceLoader.load(PayloadMapper.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(mapper -> mapper.dialect().equalsIgnoreCase(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "No payload mapper for " + wireName + ": add hubwire-payload-jackson or call payload(…)"));
    }
}
