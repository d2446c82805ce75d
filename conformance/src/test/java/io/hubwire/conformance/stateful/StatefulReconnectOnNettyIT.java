package io.hubwire.conformance.stateful;

import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.TestHost;

class StatefulReconnectOnNettyIT extends StatefulReconnectContract {

    @Override
    TestHost start(HttpEndpoint endpoint) {
        NettyHost host = NettyHost.builder()
                .address("127.0.0.1")
                .threads(2)
                .endpoint(endpoint)
                .start();
        return TestHost.listening(host.port(), host::close);
    }
}
