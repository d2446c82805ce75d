/** A server without sockets, clients and a clock to turn by hand, and the contracts that every implementation passes. */
module io.hubwire.testkit {
    requires static transitive org.jspecify;
    requires transitive io.hubwire.server;
    requires static transitive org.junit.jupiter.api;
    requires static org.assertj.core;

    exports io.hubwire.testkit;

    uses io.hubwire.protocol.PayloadMapper;
}
