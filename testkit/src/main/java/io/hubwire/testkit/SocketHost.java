package io.hubwire.testkit;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/** A host behind sockets. */
final class SocketHost implements TestHost {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int port;
    private final Optional<SSLContext> tls;
    private final Runnable close;

    SocketHost(int port, Optional<SSLContext> tls, Runnable close) {
        this.port = port;
        this.tls = tls;
        this.close = close;
    }

    @Override
    public ClientExchange request(ClientRequest request) {
        return new SocketExchange(client(), request);
    }

    @Override
    public ClientSocket connect(ClientRequest request) {
        return new SocketPeer(client(), request);
    }

    RawClient client() {
        return new RawClient(port, tls);
    }

    @Override
    public boolean isSecure() {
        return tls.isPresent();
    }

    @Override
    public void await(BooleanSupplier condition) {
        awaitTrue(condition);
    }

    static void awaitTrue(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new AssertionError("not so within ten seconds");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    @Override
    public void close() {
        close.run();
    }

    /** The head of a request as it is sent. */
    static String head(ClientRequest request, String more) {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\nHost: localhost\r\n");
        request.headers()
                .forEach(field -> head.append(field.getKey())
                        .append(": ")
                        .append(field.getValue())
                        .append("\r\n"));
        return head.append(more).append("\r\n").toString();
    }
}
