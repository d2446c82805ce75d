package io.hubwire.protocol.negotiate;

import io.hubwire.protocol.TransferFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A way to carry bytes between client and server, in the order in which they are offered. */
public enum TransportType {

    /** A WebSocket. */
    WEB_SOCKETS("WebSockets", true),

    /** An event stream down, requests up. */
    SERVER_SENT_EVENTS("ServerSentEvents", false),

    /** Requests that wait for something to say down, requests up. */
    LONG_POLLING("LongPolling", true);

    private final String wireName;
    private final boolean binary;

    TransportType(String wireName, boolean binary) {
        this.wireName = wireName;
        this.binary = binary;
    }

    /** Returns the name on the wire and in error texts. */
    public String wireName() {
        return wireName;
    }

    /** Returns what this transport can carry. */
    public List<TransferFormat> transferFormats() {
        return binary ? List.of(TransferFormat.TEXT, TransferFormat.BINARY) : List.of(TransferFormat.TEXT);
    }

    /** Finds a transport by its name on the wire. */
    public static Optional<TransportType> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(transport -> transport.wireName.equals(name))
                .findFirst();
    }
}
