package io.hubwire.conformance.stateful;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.InMemoryHost;
import io.hubwire.testkit.TestHost;

class StatefulReconnectInMemoryTest extends StatefulReconnectContract {

    @Override
    TestHost start(HttpEndpoint endpoint) {
        return new InMemoryHost(endpoint);
    }
}
