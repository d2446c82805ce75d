package io.hubwire.testkit;

import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a test has a client do when the hub calls. Safe for any thread. */
final class Handlers {

    private final BiConsumer<String, Outcome> answers;
    private final Consumer<Throwable> failures;
    private final Map<String, List<Consumer<ReceivedCall>>> handlers = new ConcurrentHashMap<>();
    private final Map<String, Function<ReceivedCall, ? extends @Nullable Object>> functions = new ConcurrentHashMap<>();

    /** What is to be done next waits for this; touched by the one thread that brings calls. */
    private CompletableFuture<Void> before = CompletableFuture.completedFuture(null);

    /**
     * Begins without any.
     *
     * @param answers takes answers to questions, by their ids
     * @param failures takes what is thrown
     */
    Handlers(BiConsumer<String, Outcome> answers, Consumer<Throwable> failures) {
        this.answers = answers;
        this.failures = failures;
    }

    void on(String method, Consumer<ReceivedCall> handler) {
        handlers.computeIfAbsent(key(method), first -> new CopyOnWriteArrayList<>())
                .add(handler);
    }

    void answers(String method, Function<ReceivedCall, ? extends @Nullable Object> function) {
        functions.put(key(method), function);
    }

    private static String key(String method) {
        return method.toLowerCase(Locale.ROOT);
    }

    /** A call came. Returns at once. */
    void called(ReceivedCall call) {
        List<Consumer<ReceivedCall>> interested = handlers.getOrDefault(key(call.method()), List.of());
        if (!interested.isEmpty()) {
            before = before.thenRunAsync(() -> handle(call, interested), Thread::startVirtualThread);
        }
        call.invocationId().ifPresent(id -> Thread.startVirtualThread(() -> answers.accept(id, answer(call))));
    }

    private void handle(ReceivedCall call, List<Consumer<ReceivedCall>> interested) {
        try {
            interested.forEach(handler -> handler.accept(call));
        } catch (RuntimeException | AssertionError thrown) {
            failures.accept(thrown);
        }
    }

    private Outcome answer(ReceivedCall call) {
        Function<ReceivedCall, ? extends @Nullable Object> function = functions.get(key(call.method()));
        if (function == null) {
            return new Outcome.Failure("Client didn't provide a result.");
        }
        try {
            return new Outcome.Value(function.apply(call));
        } catch (HubException meantForTheHub) {
            return new Outcome.Failure(String.valueOf(meantForTheHub.getMessage()));
        } catch (RuntimeException | AssertionError thrown) {
            failures.accept(thrown);
            return new Outcome.Failure(thrown.toString());
        }
    }
}
