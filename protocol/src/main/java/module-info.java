/** Bytes to messages and back, for both ends of a connection. Knows no transport, no hub, no thread. */
@SuppressWarnings("module") // the payload module, which shares reader and writer, comes after this one
module io.hubwire.protocol {
    requires static transitive org.jspecify;

    exports io.hubwire.protocol;
    exports io.hubwire.protocol.json;
    exports io.hubwire.protocol.msgpack;
    exports io.hubwire.protocol.negotiate;
    exports io.hubwire.protocol.internal.msgpack to
            io.hubwire.payload.jackson;
}
