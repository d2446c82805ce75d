/** Bytes to messages and back, for both ends of a connection. Knows no transport, no hub, no thread. */
module io.hubwire.protocol {
    requires static transitive org.jspecify;
}
