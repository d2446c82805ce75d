/** Bytes to messages and back, for both ends of a connection. Knows no transport, no hub, no thread. */
module io.hubwire.protocol {
    requires static transitive org.jspecify;

    exports io.hubwire.protocol;
    exports io.hubwire.protocol.json;
    exports io.hubwire.protocol.negotiate;
}
