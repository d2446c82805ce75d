package io.hubwire.server.internal.fanout;

import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.spi.ConnectionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One connection of this node that deliveries can reach, whatever protocol it speaks. */
public final class Member {

    private final ConnectionId id;
    private final Optional<String> user;
    private final Outbox outbox;

    /** The groups it is in; guarded by the membership lock of its {@link FanOut}. Most connections are in few. */
    private final List<String> groups = new ArrayList<>(0);

    Member(ConnectionId id, Optional<String> user, Outbox outbox) {
        this.id = id;
        this.user = user;
        this.outbox = outbox;
    }

    /** The public id of the connection. */
    public ConnectionId id() {
        return id;
    }

    /** The user identifier. */
    public Optional<String> user() {
        return user;
    }

    Outbox outbox() {
        return outbox;
    }

    List<String> groups() {
        return groups;
    }
}
