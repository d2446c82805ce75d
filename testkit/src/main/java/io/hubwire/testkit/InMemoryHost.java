package io.hubwire.testkit;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.HttpEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A host without sockets: clients in the same JVM ask, and endpoints answer.
 *
 * <p>It has no thread. What has to be done is done by the thread of whoever does something to it or waits for something,
 * so a test that has one thread finds everything done when a call returns. Of each answer and WebSocket one write is in
 * flight at a time, and a second one fails: no engine has to stand more. Writes end at once, unless the client
 * {@linkplain ClientSocket#hold holds} them.
 */
public final class InMemoryHost implements TestHost {

    private final InMemoryLoop loop = new InMemoryLoop();
    private final List<HttpEndpoint> endpoints;
    private final List<Runnable> clients = new ArrayList<>();

    /** Begins; endpoints are asked in this order, and what none of them takes is answered with 404. */
    public InMemoryHost(HttpEndpoint... endpoints) {
        this.endpoints = List.of(endpoints);
    }

    /** The only loop. */
    public EventLoop loop() {
        return loop;
    }

    /** Has a thread of its own do what waits to be done, until it is closed. */
    InMemoryEngine engine() {
        return new InMemoryEngine(loop);
    }

    /** Does what waits to be done. */
    public void run() {
        loop.turn(() -> {});
    }

    @Override
    public ClientExchange request(ClientRequest request) {
        return new InMemoryCaller(asked(new InMemoryExchange(loop, request, false)));
    }

    @Override
    public ClientSocket connect(ClientRequest request) {
        return asked(new InMemoryExchange(loop, request, true)).socket();
    }

    private InMemoryExchange asked(InMemoryExchange exchange) {
        loop.turn(() -> {
            clients.add(exchange::vanish);
            for (HttpEndpoint endpoint : endpoints) {
                if (endpoint.handle(exchange)) {
                    return;
                }
            }
            exchange.notFound();
        });
        return exchange;
    }

    @Override
    public void await(BooleanSupplier condition) {
        loop.await(condition);
    }

    @Override
    public void close() {
        loop.turn(() -> clients.forEach(Runnable::run));
    }
}
