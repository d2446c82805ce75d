package io.hubwire.benchmarks.micro;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Scheduler;
import io.hubwire.server.spi.ServerObserver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The way of a message from the hub to the transport: through one outbox, and encoded once into a thousand. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class OutboxBenchmark {

    private static final int CLIENTS = 1000;
    private static final int BURST = 16;
    private static final String TEXT = "x".repeat(100);

    private final JsonDialect dialect = new JsonDialect();
    private final ByteBuffer encoded = dialect.encode(Message.Call.of("m", TEXT));
    private final Outbox outbox = outbox();
    private final List<Outbox> outboxes = new ArrayList<>();
    private final ClientProxy everyone;

    /** Connects the clients. */
    public OutboxBenchmark() {
        Backplane backplane = FanOut.localBackplane();
        FanOut hub = new FanOut("bench", backplane, new FanOut.Setting(new NoTime(), ServerObserver.NONE, List.of()));
        backplane.join(new OneHub(hub));
        for (int i = 0; i < CLIENTS; i++) {
            Outbox client = outbox();
            outboxes.add(client);
            hub.join(new ConnectionId("client-" + i), Optional.empty(), "WebSockets", client, () -> {});
        }
        everyone = hub.clients().all();
    }

    private Outbox outbox() {
        return new Outbox(dialect, new Outbox.Limits(1 << 16, 1 << 20, 1 << 16, 0), new Unheard());
    }

    /** One message in and out again. */
    @Benchmark
    public @Nullable ByteBuffer addAndTake() {
        outbox.add(Outbox.Item.numbered(encoded));
        return taken(outbox);
    }

    /** Sixteen messages in and out again as one frame; per message. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public @Nullable ByteBuffer addManyAndTake() {
        for (int i = 0; i < BURST; i++) {
            outbox.add(Outbox.Item.numbered(encoded));
        }
        return taken(outbox);
    }

    /** A broadcast to a thousand, in and out again; per delivery. */
    @Benchmark
    @OperationsPerInvocation(CLIENTS)
    public void broadcast(Blackhole hole) {
        hole.consume(everyone.send("m", TEXT));
        for (Outbox client : outboxes) {
            hole.consume(taken(client));
        }
    }

    private static @Nullable ByteBuffer taken(Outbox from) {
        ByteBuffer frame = from.take();
        from.handedOver(true);
        return frame;
    }

    private record Unheard() implements Outbox.Listener {

        @Override
        public void ready() {}

        @Override
        public void overflowed(long bytes) {
            throw new IllegalStateException("nobody took " + bytes + " bytes");
        }
    }

    /** Nothing here waits for a time. */
    private record NoTime() implements Scheduler {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new IllegalStateException("nothing is to be scheduled");
        }
    }

    private record OneHub(FanOut hub) implements Backplane.Node {

        @Override
        public CompletionStage<Void> deliver(Delivery delivery) {
            return hub.deliver(delivery);
        }

        @Override
        public boolean member(String name, ConnectionId connection, String group, boolean joined) {
            return hub.member(connection, group, joined);
        }

        @Override
        public Optional<CompletionStage<Message>> ask(
                String name, ConnectionId connection, String invocationId, Message call) {
            return Optional.empty();
        }
    }
}
