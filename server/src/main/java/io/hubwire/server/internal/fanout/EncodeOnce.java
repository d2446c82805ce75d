package io.hubwire.server.internal.fanout;

import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.spi.Message;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to many clients, written once for each dialect that any of them speaks.
 *
 * <p>Confined to the thread that delivers.
 */
final class EncodeOnce {

    private final Message message;
    private final Outbox.@Nullable Expendable rank;
    private @Nullable Dialect dialect;
    private Outbox.@Nullable Item item;
    private int count;
    private @Nullable Map<Dialect, Outbox.@Nullable Item> others;

    /** For a message that may be given up if {@code rank} is not null. */
    EncodeOnce(Message message, Outbox.@Nullable Expendable rank) {
        this.message = message;
        this.rank = rank;
    }

    /** How many clients it was sent to. */
    int count() {
        return count;
    }

    /** Puts the message into the outbox of a client, unless no node has encoded it for what that client speaks. */
    void sendTo(Member member) {
        if (message instanceof Message.Abort) {
            member.abort();
            return;
        }
        Outbox outbox = member.outbox();
        Outbox.Item encoded = in(outbox.dialect());
        if (encoded != null) {
            outbox.add(encoded);
            count++;
        }
    }

    // A dialect is what it is: two of the same name may write differently.
    @SuppressWarnings("ReferenceEquality")
    private Outbox.@Nullable Item in(Dialect spoken) {
        if (spoken == dialect) {
            return item;
        }
        if (dialect == null) {
            dialect = spoken;
            item = Outbox.Item.of(message, spoken, rank);
            return item;
        }
        if (others == null) {
            others = new HashMap<>();
        }
        if (!others.containsKey(spoken)) {
            others.put(spoken, Outbox.Item.of(message, spoken, rank));
        }
        return others.get(spoken);
    }
}
