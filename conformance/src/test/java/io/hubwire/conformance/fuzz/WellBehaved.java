package io.hubwire.conformance.fuzz;

import io.hubwire.conformance.wire.RawConnection;
import io.hubwire.conformance.wire.RawResponse;
import io.hubwire.conformance.wire.RawWebSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client that calls, waits for its answer and calls again, on a thread of its own. */
final class WellBehaved implements AutoCloseable, RawWebSocket.Listener {

    private static final int PATIENCE = 10;

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Throwable> disturbed = new AtomicReference<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final RawWebSocket socket;
    private final Thread calling;
    private volatile boolean leaving;

    private WellBehaved(RawWebSocket socket) {
        this.socket = socket;
        this.calling = new Thread(this::call, "well-behaved");
    }

    /** Connects and begins to call. */
    static WellBehaved connect(InetSocketAddress server) throws IOException {
        WellBehaved client = new WellBehaved(RawWebSocket.open(RawConnection.to(server), "/golden-parallel", Map.of()));
        Thread.startVirtualThread(() -> client.socket.listen(client));
        client.calling.start();
        return client;
    }

    private void call() {
        try {
            socket.text("{\"protocol\":\"json\",\"version\":1}\u001e");
            expect("{}\u001e");
            for (int i = 0; !leaving; i++) {
                socket.text("{\"type\":1,\"invocationId\":\"" + i + "\",\"target\":\"Add\",\"arguments\":[" + i
                        + ",1]}\u001e");
                expect("{\"type\":3,\"invocationId\":\"" + i + "\",\"result\":" + (i + 1) + "}\u001e");
                calls.incrementAndGet();
            }
        } catch (IOException | InterruptedException | IllegalStateException broken) {
            disturbed.set(broken);
        }
    }

    private void expect(String message) throws InterruptedException {
        String answer = answers.poll(PATIENCE, TimeUnit.SECONDS);
        if (!message.equals(answer)) {
            throw new IllegalStateException("expected " + message + ", got " + answer);
        }
    }

    /** How many calls were answered so far. */
    int calls() {
        return calls.get();
    }

    @Override
    public void refused(RawResponse response) {
        answers.add("refused: " + response.status());
    }

    @Override
    public void text(String messages) {
        for (String message : messages.split("(?<=\u001e)", 0)) { // a ping may share the frame of an answer
            if (!message.equals("{\"type\":6}\u001e")) {
                answers.add(message);
            }
        }
    }

    @Override
    public void binary(byte[] message) {
        answers.add("binary");
    }

    @Override
    public void closed(int code, String reason) {
        answers.add("closed: " + code + " " + reason);
    }

    /**
     * Ends the calls.
     *
     * @throws IllegalStateException if any of them was not answered as it should
     */
    @Override
    public void close() {
        leaving = true;
        try {
            calling.join();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
        socket.close();
        if (disturbed.get() != null) {
            throw new IllegalStateException(
                    "the client that behaves was disturbed: " + disturbed.get().getMessage(), disturbed.get());
        }
    }
}
