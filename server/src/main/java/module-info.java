/** Hubs, groups and fan-out over any engine that can carry bytes. */
module io.hubwire.server {
    requires static transitive org.jspecify;
    requires transitive io.hubwire.protocol;
    requires org.slf4j;
}
