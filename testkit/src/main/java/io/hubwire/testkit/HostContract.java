package io.hubwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Everything that a host promises to endpoints, as tests: whoever writes one has a class of a few lines extend this.
 *
 * {@snippet :
 * final class MyHostIT extends HostContract {
 *     @Override
 *     protected TestHost start(HttpEndpoint... endpoints) {
 *         MyHost host = new MyHost(endpoints);
 *         return TestHost.listening(host.port(), host::close);
 *     }
 * }
 * }
 */
public abstract class HostContract extends WebSocketPromises {

    private final AtomicReference<@Nullable HttpExchange> asked = new AtomicReference<>();

    /** For subclasses. */
    protected HostContract() {}

    /** Starts a host with these endpoints, in this order. */
    @Override
    protected abstract TestHost start(HttpEndpoint... endpoints);

    @Test
    void runsTasksInTheOrderInWhichTheyCame() {
        TestHost host = host(asked);
        host.request(ClientRequest.get("/"));
        EventLoop loop = asked(host, asked).loop();
        List<Integer> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            loop.execute(() -> order.add(loop.isCurrent() ? number : -1));
        }

        host.await(() -> order.size() == 100);
        assertThat(order).isSorted().startsWith(0);
        assertThat(loop.isCurrent()).isFalse();
    }

    @Test
    void runsATaskOfTheLoopsOwnBehindEverythingThatWasReady() {
        List<String> order = new CopyOnWriteArrayList<>();
        RecordingReceiver receiver = new RecordingReceiver(recording -> {
            order.add("received");
            recording.peer().loop().execute(() -> order.add("task"));
            return true;
        });
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        client.text("one", "two", "three");

        host.await(() -> order.size() == 6);
        assertThat(order).containsExactly("received", "received", "received", "task", "task", "task");
    }

    @Test
    void hasOneLoopForAsLongAsAConnectionLives() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = host(exchange -> {
            asked.set(exchange);
            exchange.upgrade(java.util.Optional.empty(), receiver);
            return true;
        });
        connect(host);
        host.await(receiver::isOpened);

        assertThat(receiver.peer().loop()).isSameAs(asked(host, asked).loop());
    }
}
