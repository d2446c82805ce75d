package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
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
    public String read(int bytes) {
        exchange.turns().await(() -> answer.available() >= bytes);
        return answer.take(bytes);
    }

    @Override
    public String body() {
        exchange.turns().await(answer::isEnded);
        return answer.take(answer.available());
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
