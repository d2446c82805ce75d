package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The client's side of a request in memory. */
final class InMemoryCaller implements ClientExchange {

    private final InMemoryExchange exchange;
    private final InMemoryAnswer answer;

    InMemoryCaller(InMemoryExchange exchange) {
        this.exchange = exchange;
        this.answer = exchange.answer();
    }

    @Override
    public int status() {
        return head(answer::status);
    }

    @Override
    public List<String> headers(String name) {
        return head(() -> answer.headers(name));
    }

    private <T> T head(Supplier<T> part) {
        exchange.turns().await(() -> answer.status() != 0);
        return part.get();
    }

    @Override
    public byte[] bytes(int count) {
        exchange.turns().await(() -> answer.available() >= count || answer.isOver());
        return taken(() -> {
            if (answer.available() < count) {
                throw new UncheckedIOException(
                        new EOFException("ended after " + answer.available() + " of " + count + " bytes"));
            }
            return answer.take(count);
        });
    }

    @Override
    public byte[] bytes() {
        exchange.turns().await(answer::isEnded);
        return taken(() -> answer.take(answer.available()));
    }

    private byte[] taken(Supplier<byte[]> taking) {
        AtomicReference<byte[]> taken = new AtomicReference<>(new byte[0]);
        exchange.turns().turn(() -> taken.set(taking.get()));
        return taken.get();
    }

    @Override
    public boolean isWhole() {
        exchange.turns().await(answer::isOver);
        return answer.isEnded();
    }

    @Override
    public void send(String body) {
        exchange.turns().turn(() -> exchange.arrive(ByteBuffer.wrap(body.getBytes(UTF_8))));
    }

    @Override
    public void finish() {
        exchange.turns().turn(exchange::arriveWhole);
    }

    @Override
    public void hold() {
        exchange.turns().turn(exchange.wire()::hold);
    }

    @Override
    public void release() {
        exchange.turns().turn(exchange.wire()::release);
    }

    @Override
    public void vanish() {
        exchange.turns().turn(exchange::vanish);
    }
}
