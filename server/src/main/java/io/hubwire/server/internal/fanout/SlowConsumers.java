package io.hubwire.server.internal.fanout;

import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.Message;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What becomes of the calls of one hub that wait for slow clients. Immutable. */
final class SlowConsumers {

    private final SlowConsumerPolicy otherwise;
    private final Map<String, SlowConsumerPolicy> byMethod;

    private SlowConsumers(SlowConsumerPolicy otherwise, Map<String, SlowConsumerPolicy> byMethod) {
        this.otherwise = otherwise;
        this.byMethod = Map.copyOf(byMethod);
    }

    /** The policies of a hub; null when nothing of it is ever given up. */
    static @Nullable SlowConsumers of(SlowConsumerPolicy otherwise, Map<String, SlowConsumerPolicy> byMethod) {
        boolean disconnects = !givesUp(otherwise) && byMethod.values().stream().noneMatch(SlowConsumers::givesUp);
        return disconnects ? null : new SlowConsumers(otherwise, byMethod);
    }

    private static boolean givesUp(SlowConsumerPolicy policy) {
        return policy.dropsOldest() || policy.key().isPresent();
    }

    /** For what a message may be given up; null for nothing, as one whose method another node has hidden in its bytes. */
    Outbox.@Nullable Expendable rank(Message message) {
        if (!(message instanceof Message.Call call)) {
            return null;
        }
        SlowConsumerPolicy policy = byMethod.getOrDefault(call.target().toLowerCase(Locale.ROOT), otherwise);
        if (policy.dropsOldest()) {
            return Outbox.Expendable.oldest(call.target());
        }
        Optional<Function<List<@Nullable Object>, ? extends @Nullable Object>> key = policy.key();
        return key.isEmpty()
                ? null
                : Outbox.Expendable.latest(call.target(), key.get().apply(call.arguments()));
    }
}
