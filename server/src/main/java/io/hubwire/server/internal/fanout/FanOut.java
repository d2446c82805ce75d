package io.hubwire.server.internal.fanout;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.GroupManager;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Recipients;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This node's part of one hub: its connections, groups and users, and the way to all of them.
 *
 * <p>Safe for any thread. A delivery to everyone walks the connections, any other one looks its recipients up.
 */
public final class FanOut implements GroupManager {

    private static final CompletionStage<Void> DONE =
            CompletableFuture.<Void>completedFuture(null).minimalCompletionStage();
    private static final ConnectionId NOBODY = new ConnectionId("");

    private final String hub;
    private final Backplane backplane;
    private final @Nullable SlowConsumers slowConsumers;
    private final Map<ConnectionId, Member> connections = new ConcurrentHashMap<>();
    private final GroupTable groups;
    private final GroupTable users;

    /** Keeps the membership of one connection and its end from crossing. Held for a few map operations. */
    private final ReentrantLock membership = new ReentrantLock();

    /** Creates the part of a hub without connections that gives up no message for a newer one. */
    public FanOut(String hub, Backplane backplane) {
        this(hub, backplane, SlowConsumerPolicy.disconnect(), Map.of());
    }

    /**
     * Creates the part of a hub without connections.
     *
     * @param slowConsumers what becomes of calls that wait for slow clients
     * @param byMethod the same for certain methods of the clients, by their names in lower case
     */
    public FanOut(
            String hub,
            Backplane backplane,
            SlowConsumerPolicy slowConsumers,
            Map<String, SlowConsumerPolicy> byMethod) {
        this.hub = hub;
        this.backplane = backplane;
        this.slowConsumers = SlowConsumers.of(slowConsumers, byMethod);
        this.groups = new GroupTable((name, here) -> backplane.interest(hub, new Backplane.Subject.Group(name), here));
        this.users = new GroupTable((id, here) -> backplane.interest(hub, new Backplane.Subject.User(id), here));
    }

    /** A backplane that knows this node alone. */
    public static Backplane localBackplane() {
        return new LocalBackplane();
    }

    /** Lets a connection be reached. */
    public Member join(ConnectionId id, Optional<String> user, Outbox outbox) {
        Member member = new Member(id, user, outbox);
        connections.put(id, member);
        try {
            backplane.interest(hub, new Backplane.Subject.Connection(id), true);
            user.ifPresent(name -> users.add(name, member));
        } catch (RuntimeException | Error unreachable) {
            leave(member);
            throw unreachable;
        }
        return member;
    }

    /** The connection is gone, and with it its memberships. */
    public void leave(Member member) {
        membership.lock();
        try {
            if (!connections.remove(member.id(), member)) {
                return;
            }
            member.groups().forEach(name -> groups.remove(name, member));
            member.groups().clear();
        } finally {
            membership.unlock();
        }
        member.user().ifPresent(name -> users.remove(name, member));
        backplane.interest(hub, new Backplane.Subject.Connection(member.id()), false);
    }

    /** How many connections of the hub are here. */
    public int size() {
        return connections.size();
    }

    /** Whom to talk to, for code that no client called: there is no caller then. */
    public HubCallerClients<ClientProxy> clients() {
        return new Addresses(hub, backplane::publish, NOBODY);
    }

    /** Whom to talk to, seen from one client. */
    public HubCallerClients<ClientProxy> clients(Member caller) {
        return new Addresses(hub, backplane::publish, caller.id());
    }

    @Override
    public CompletionStage<Void> add(String connectionId, String group) {
        return changed(new ConnectionId(connectionId), group, true);
    }

    @Override
    public CompletionStage<Void> remove(String connectionId, String group) {
        return changed(new ConnectionId(connectionId), group, false);
    }

    private CompletionStage<Void> changed(ConnectionId connection, String group, boolean joined) {
        if (member(connection, Addresses.named(group), joined)) {
            return DONE;
        }
        return backplane.member(hub, connection, group, joined).thenApply(elsewhere -> null);
    }

    /** Joins or leaves a group; false when the connection is not here. */
    public boolean member(ConnectionId connection, String group, boolean joined) {
        membership.lock();
        try {
            Member member = connections.get(connection);
            if (member == null) {
                return false;
            }
            if (joined && groups.add(group, member)) {
                member.groups().add(group);
            } else if (!joined && groups.remove(group, member)) {
                member.groups().remove(group);
            }
            return true;
        } finally {
            membership.unlock();
        }
    }

    /** Brings a delivery to everyone here whom it is for. */
    public CompletionStage<Void> deliver(Delivery delivery) {
        try {
            EncodeOnce message = new EncodeOnce(delivery.message(), rank(delivery.message()));
            return switch (delivery.recipients()) {
                case Recipients.Everyone everyone -> toAll(connections.values(), everyone.except(), message);
                case Recipients.Connections some -> toConnections(some.ids(), message);
                case Recipients.Groups some -> {
                    some.names().forEach(name -> toAll(groups.of(name), some.except(), message));
                    yield DONE;
                }
                case Recipients.Users some -> {
                    once(some.ids()).forEach(id -> toAll(users.of(id), Set.of(), message));
                    yield DONE;
                }
            };
        } catch (RuntimeException | Error inexpressible) {
            // Whatever the payload mapper throws. The sender may not look at what became of it.
            FanOutLog.inexpressible(hub, delivery.message(), inexpressible);
            return CompletableFuture.failedFuture(inexpressible);
        }
    }

    private Outbox.@Nullable Expendable rank(Message message) {
        return slowConsumers == null ? null : slowConsumers.rank(message);
    }

    private static CompletionStage<Void> toAll(
            Collection<Member> members, Set<ConnectionId> except, EncodeOnce message) {
        for (Member member : members) {
            if (except.isEmpty() || !except.contains(member.id())) {
                message.sendTo(member.outbox());
            }
        }
        return DONE;
    }

    /** Who is named twice is meant once. */
    private static <T> Collection<T> once(List<T> names) {
        return names.size() < 2 ? names : new LinkedHashSet<>(names);
    }

    private CompletionStage<Void> toConnections(List<ConnectionId> ids, EncodeOnce message) {
        CompletionStage<Void> room = DONE;
        for (ConnectionId id : once(ids)) {
            Member member = connections.get(id);
            if (member != null) {
                message.sendTo(member.outbox());
                room = member.outbox().roomToSend();
            }
        }
        return ids.size() == 1 ? room : DONE;
    }
}
