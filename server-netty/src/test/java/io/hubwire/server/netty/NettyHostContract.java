package io.hubwire.server.netty;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.SocketHostContract;
import java.util.Objects;

/** The contract of all hosts, on Netty, with the engine that the class is {@link On}. */
abstract class NettyHostContract extends SocketHostContract {

    private final Engine engine =
            Objects.requireNonNull(getClass().getAnnotation(On.class)).value();

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
