package io.hubwire.server.netty;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What was agreed with one client about compressing: RFC 7692, section 7.1.
 *
 * @param answer what the client is told
 * @param clientContextTakeover whether a message of the client's may refer to those before it
 */
record PerMessageDeflate(String answer, boolean clientContextTakeover) {

    private static final String NAME = "permessage-deflate";
    private static final String WIDEST = "15";

    /** The first offer that this host can meet; empty where there is none. */
    static Optional<PerMessageDeflate> of(List<String> headers, WebSocketCompression options) {
        return headers.stream()
                .flatMap(header -> List.of(header.split(",", -1)).stream())
                .flatMap(offer -> met(List.of(offer.split(";", -1)), options).stream())
                .findFirst();
    }

    private static Optional<PerMessageDeflate> met(List<String> offer, WebSocketCompression options) {
        if (!offer.getFirst().strip().equalsIgnoreCase(NAME)) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>();
        boolean widest = false;
        boolean takeover = options.clientContextTakeover();
        for (String parameter : offer.subList(1, offer.size())) {
            String name = name(parameter);
            if (!names.add(name) || !canMeet(name, value(parameter))) {
                return Optional.empty();
            }
            widest |= name.equals("server_max_window_bits");
            takeover &= !name.equals("client_no_context_takeover");
        }
        return Optional.of(new PerMessageDeflate(
                NAME + "; server_no_context_takeover"
                        + (takeover ? "" : "; client_no_context_takeover")
                        + (widest ? "; server_max_window_bits=" + WIDEST : ""),
                takeover));
    }

    /** A window that is narrower than the widest cannot be had of the JDK. */
    private static boolean canMeet(String name, Optional<String> value) {
        return switch (name) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
            case "server_max_window_bits" -> value.equals(Optional.of(WIDEST));
            case "client_max_window_bits" -> value.isEmpty() || value.get().matches("[89]|1[0-5]");
            default -> false;
        };
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> value(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 0) {
            return Optional.empty();
        }
        String value = parameter.substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
    }
}
