package io.hubwire.server.netty;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.SocketHostContract;

/** The contract of all hosts, on Netty. */
abstract class NettyHostFixture extends SocketHostContract {

    private final Engine engine;

    NettyHostFixture(Engine engine) {
        this.engine = engine;
    }

    @Override
    protected Listening listen(HttpEndpoint... endpoints) {
        NettyHost.Builder builder =
                NettyHost.builder().address("127.0.0.1").engine(engine).threads(2);
        for (HttpEndpoint endpoint : endpoints) {
            builder.endpoint(endpoint);
        }
        NettyHost host = builder.start();
        return new Listening(host.port(), host::close);
    }
}
