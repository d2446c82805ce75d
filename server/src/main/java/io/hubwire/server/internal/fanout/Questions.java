package io.hubwire.server.internal.fanout;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.internal.words.ErrorTexts;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What one client was asked and has not answered.
 *
 * <p>Safe for any thread. Whoever waits hears on a virtual thread, since what it does next is the application's.
 */
final class Questions {

    private final Map<String, Question> open = new ConcurrentHashMap<>(2);
    private volatile @Nullable IOException gone;

    /** Notes a question whose answer is to be of this type. Whoever ends the future, answer or not, ends the question. */
    CompletableFuture<@Nullable Object> add(String id, Type type) {
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        open.put(id, new Question(type, answer));
        answer.whenComplete((value, error) -> open.remove(id));
        IOException why = gone;
        if (why != null) {
            answer.completeExceptionally(why);
        }
        return answer;
    }

    Optional<Type> type(String id) {
        return Optional.ofNullable(open.get(id)).map(Question::type);
    }

    /** The client answers; false if it was not asked. */
    boolean answered(HubMessage.Completion completion, Executor elsewhere) {
        Question asked = open.remove(completion.invocationId());
        if (asked == null) {
            return false;
        }
        elsewhere.execute(() -> end(asked, completion));
        return true;
    }

    private static void end(Question asked, HubMessage answer) {
        try {
            asked.answer.complete(result(answer, asked.type));
        } catch (RuntimeException noValue) {
            asked.answer.completeExceptionally(noValue);
        }
    }

    /**
     * What was answered.
     *
     * @throws HubException if that is no value of this type
     */
    static @Nullable Object result(HubMessage answer, Type type) {
        if (answer instanceof HubMessage.CompletionBindingFailure unfit) {
            throw ErrorTexts.resultUnfit(type, unfit.cause());
        }
        return switch (((HubMessage.Completion) answer).outcome()) {
            case Outcome.Value value -> value.value();
            case Outcome.Failure failure -> throw new HubException(failure.message());
            case Outcome.Nothing nothing -> {
                if (type.equals(Void.class) || type.equals(Object.class)) {
                    yield null;
                }
                throw ErrorTexts.noResult();
            }
        };
    }

    /** What an answer is to another node. */
    static HubMessage.Completion completion(String id, @Nullable Object value, @Nullable Throwable error) {
        if (error == null) {
            return new HubMessage.Completion(id, new Outcome.Value(value));
        }
        String text = error instanceof IOException ? "Connection disconnected." : String.valueOf(error.getMessage());
        return new HubMessage.Completion(id, new Outcome.Failure(text));
    }

    /** The client answers with something else than was asked for; false if it was not asked. */
    boolean answered(HubMessage.CompletionBindingFailure failure, Executor elsewhere) {
        Question asked = open.remove(failure.invocationId());
        if (asked == null) {
            return false;
        }
        elsewhere.execute(() -> end(asked, failure));
        return true;
    }

    /** The client is gone. */
    void gone(IOException why) {
        gone = why;
        open.values().forEach(asked -> Thread.startVirtualThread(() -> asked.answer.completeExceptionally(why)));
    }

    private record Question(Type type, CompletableFuture<@Nullable Object> answer) {}
}
