package io.hubwire.server.netty;

import io.hubwire.testkit.SelfSigned;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The contract of all hosts, on Netty and over TLS. */
abstract class NettyTlsContract extends NettyHostContract {

    private static final SelfSigned HOST = SelfSigned.named("host");
    private static final Tls TLS =
            Tls.builder().keyStore(HOST.keyStore(), HOST.password()).build();

    @Override
    void equip(NettyHost.Builder builder) {
        builder.tls(TLS);
    }

    @Override
    Optional<SSLContext> clients() {
        return Optional.of(HOST.context());
    }
}
