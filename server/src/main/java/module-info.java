/** Hubs, groups and fan-out over any engine that can carry bytes. */
module io.hubwire.server {
    requires static transitive org.jspecify;
    requires transitive io.hubwire.protocol;
    requires org.slf4j;

    exports io.hubwire.server;
    exports io.hubwire.server.hub;
    exports io.hubwire.server.options;
    exports io.hubwire.server.spi;

    uses io.hubwire.protocol.PayloadMapper;
}
