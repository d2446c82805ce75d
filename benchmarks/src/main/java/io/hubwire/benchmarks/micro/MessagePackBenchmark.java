package io.hubwire.benchmarks.micro;

import io.hubwire.payload.jackson.JacksonMessagePack;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.msgpack.MessagePackHubProtocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading a call and writing its answer in MessagePack: a string of 100 characters, and a small record. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MessagePackBenchmark {

    private static final String TEXT = "x".repeat(100);

    private final HubProtocol protocol = new MessagePackHubProtocol(JacksonMessagePack.create());
    private final EchoBinder strings = new EchoBinder(String.class);
    private final EchoBinder orders = new EchoBinder(Order.class);
    private final ByteBuffer stringCall = call(TEXT);
    private final ByteBuffer orderCall = call(new Order("ACME", 100, 12.5));
    private final HubMessage stringAnswer = answer(TEXT);
    private final HubMessage orderAnswer = answer(new Order("ACME", 100, 12.5));
    private final HubMessage delivery = new HubMessage.Invocation("m", List.of(TEXT));

    /** What stands in the frame of a call. */
    private ByteBuffer call(Object argument) {
        ByteBuffer frame = protocol.write(new HubMessage.Invocation("10000000", "Echo", List.of(argument)));
        while (frame.get() < 0) {
            // a byte of the length, and not its last
        }
        return frame;
    }

    private static HubMessage answer(Object result) {
        return new HubMessage.Completion("10000000", new HubMessage.Outcome.Value(result));
    }

    /** A call with a string. */
    @Benchmark
    public HubMessage readStringCall() {
        return protocol.read(stringCall.duplicate(), strings);
    }

    /** A call with a record, which Jackson reads. */
    @Benchmark
    public HubMessage readRecordCall() {
        return protocol.read(orderCall.duplicate(), orders);
    }

    /** The answer to a call, a string. */
    @Benchmark
    public ByteBuffer writeStringAnswer() {
        return protocol.write(stringAnswer);
    }

    /** The answer to a call, a record, which Jackson writes. */
    @Benchmark
    public ByteBuffer writeRecordAnswer() {
        return protocol.write(orderAnswer);
    }

    /** A call of a client method. */
    @Benchmark
    public ByteBuffer writeDelivery() {
        return protocol.write(delivery);
    }

    /** What an application may send. */
    public record Order(String symbol, int quantity, double price) {}
}
