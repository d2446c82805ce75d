package io.hubwire.server.netty;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.SocketHostContract;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

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
        equip(builder);
        NettyHost host = builder.start();
        return new Listening(host.port(), clients(), host::close);
    }

    /** Adds what a host of this contract has besides. */
    void equip(NettyHost.Builder builder) {}

    /** What clients use to speak TLS, if the host does. */
    Optional<SSLContext> clients() {
        return Optional.empty();
    }
}
