/** What a server does, measured and traced by Micrometer. */
// Micrometer's modules have a name, and no description yet.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.hubwire.metrics {
    requires static transitive org.jspecify;
    requires transitive io.hubwire.server;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;
    requires micrometer.commons;

    exports io.hubwire.metrics;
}
