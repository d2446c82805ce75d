package io.hubwire.server.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What encrypts one connection, in front of everything else in its pipeline. Confined to the event loop.
 *
 * <p>What a handshake computes runs on virtual threads: whoever vouches for clients may be asked over the network.
 */
final class TlsHandler extends SslHandler {

    /** How long a close waits for what the socket does not take. */
    private static final Duration FLUSHING = Duration.ofSeconds(1);

    private final boolean asksClients;

    TlsHandler(Tls tls, ByteBufAllocator allocator) {
        super(tls.engine(allocator), Thread::startVirtualThread);
        asksClients = tls.asksClients();
        setHandshakeTimeoutMillis(milliseconds(tls.handshakeTimeout()));
        setCloseNotifyFlushTimeoutMillis(FLUSHING.toMillis());
        setCumulator(RequestDecoder::append);
    }

    /** At least one, since none at all means for ever to the engine, and as many as there can be. */
    private static long milliseconds(Duration time) {
        return Math.max(1, TimeUnit.MILLISECONDS.convert(time));
    }

    /** Who the client proved to be, if it did. */
    Optional<Principal> principal() {
        if (!asksClients) {
            return Optional.empty();
        }
        try {
            return Optional.of(engine().getSession().getPeerPrincipal());
        } catch (SSLPeerUnverifiedException hasNone) {
            return Optional.empty();
        }
    }
}
