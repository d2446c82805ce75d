package io.hubwire.testkit;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/** A host that is running, as its clients see it. */
public interface TestHost extends AutoCloseable {

    /**
     * A host that listens on a port of this machine.
     *
     * @param close what ends it
     */
    static TestHost listening(int port, Runnable close) {
        return new SocketHost(port, Optional.empty(), close);
    }

    /**
     * A host that listens on a port of this machine and speaks TLS.
     *
     * @param tls what clients use
     * @param close what ends it
     */
    static TestHost listening(int port, SSLContext tls, Runnable close) {
        return new SocketHost(port, Optional.of(tls), close);
    }

    /** Tells whether clients speak TLS with it. */
    default boolean isSecure() {
        return false;
    }

    /** Sends a request, each on a connection of its own. */
    ClientExchange request(ClientRequest request);

    /** Asks for a WebSocket; the headers that belong to an upgrade are added. */
    ClientSocket connect(ClientRequest request);

    /**
     * Waits until something is so, ten seconds at most, while the host does what it has to do.
     *
     * @throws AssertionError if it is not so in time
     */
    void await(BooleanSupplier condition);

    /** Ends the host; its clients lose their connections. */
    @Override
    void close();
}
