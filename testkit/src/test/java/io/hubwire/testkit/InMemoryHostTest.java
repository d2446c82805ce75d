package io.hubwire.testkit;

import io.hubwire.server.spi.HttpEndpoint;

final class InMemoryHostTest extends HostContract {

    @Override
    protected TestHost start(HttpEndpoint... endpoints) {
        return new InMemoryHost(endpoints);
    }
}
