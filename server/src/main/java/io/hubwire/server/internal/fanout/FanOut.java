package io.hubwire.server.internal.fanout;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.GroupManager;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.hub.HubPresence;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Recipients;
import io.hubwire.server.spi.Scheduler;
import io.hubwire.server.spi.ServerObserver;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
    private final Scheduler scheduler;
    private final ServerObserver observer;
    private final Map<String, Dialect> dialects = new HashMap<>();
    private final AtomicLong questions = new AtomicLong();
    private final @Nullable SlowConsumers slowConsumers;
    private final Map<ConnectionId, Member> connections = new ConcurrentHashMap<>();
    private final GroupTable groups;
    private final GroupTable users;
    private final Presence presence;

    /**
     * Keeps the membership of one connection and its end from crossing, and the news of presence behind what they tell.
     * Held for a few map operations.
     */
    private final ReentrantLock membership = new ReentrantLock();

    /** Creates the part of a hub without connections. */
    public FanOut(String hub, Backplane backplane, Setting setting) {
        this.hub = hub;
        this.backplane = backplane;
        this.scheduler = setting.scheduler;
        this.observer = setting.observer;
        setting.dialects.forEach(dialect -> dialects.put(dialect.name(), dialect));
        this.slowConsumers = SlowConsumers.of(setting.slowConsumers, setting.byMethod);
        this.groups = new GroupTable((name, here) -> interest(new Backplane.Subject.Group(name), here));
        this.users = new GroupTable((id, here) -> interest(new Backplane.Subject.User(id), here));
        this.presence = new Presence(connections, users, groups, this::groupsOf);
    }

    /**
     * What a hub's part of a node needs besides the backplane.
     *
     * @param dialects what its clients may speak, here and elsewhere
     * @param slowConsumers what becomes of calls that wait for slow clients
     * @param byMethod the same for certain methods of the clients, by their names in lower case
     */
    public record Setting(
            Scheduler scheduler,
            ServerObserver observer,
            Collection<? extends Dialect> dialects,
            SlowConsumerPolicy slowConsumers,
            Map<String, SlowConsumerPolicy> byMethod) {

        /** The setting of a hub that gives up no message for a newer one. */
        public Setting(Scheduler scheduler, ServerObserver observer, Collection<? extends Dialect> dialects) {
            this(scheduler, observer, dialects, SlowConsumerPolicy.disconnect(), Map.of());
        }
    }

    /** A backplane that knows this node alone. */
    public static Backplane localBackplane() {
        return new LocalBackplane();
    }

    /** Who is here. */
    public HubPresence presence() {
        return presence;
    }

    private Set<String> groupsOf(Member member) {
        membership.lock();
        try {
            return Set.copyOf(member.groups());
        } finally {
            membership.unlock();
        }
    }

    /** Tells the backplane what is wanted here. Nobody can be kept from leaving because it does not take note. */
    private void interest(Backplane.Subject subject, boolean here) {
        if (here) {
            backplane.interest(hub, subject, true);
            return;
        }
        try {
            backplane.interest(hub, subject, false);
        } catch (RuntimeException | Error thrown) {
            FanOutLog.interestFailed(hub, subject, thrown);
        }
    }

    /** Lets a connection be reached. */
    public Member join(ConnectionId id, Optional<String> user, String transport, Outbox outbox, Runnable abort) {
        Member member = new Member(id, user, transport, outbox, abort);
        interest(new Backplane.Subject.Connection(id), true);
        membership.lock();
        try {
            boolean isFirst = user.isPresent() && users.of(user.get()).isEmpty();
            user.ifPresent(name -> users.add(name, member));
            connections.put(id, member);
            presence.tell(watcher -> watcher.connected(member.shown()));
            if (isFirst) {
                user.ifPresent(name -> presence.tell(watcher -> watcher.userArrived(name)));
            }
        } catch (RuntimeException | Error unreachable) {
            interest(new Backplane.Subject.Connection(id), false);
            throw unreachable;
        } finally {
            membership.unlock();
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
            member.groups().forEach(name -> {
                groups.remove(name, member);
                left(member, name);
            });
            member.groups().clear();
            member.user().ifPresent(name -> {
                if (users.remove(name, member) && users.of(name).isEmpty()) {
                    presence.tell(watcher -> watcher.userLeft(name));
                }
            });
            presence.tell(watcher -> watcher.disconnected(member.shown()));
        } finally {
            membership.unlock();
        }
        interest(new Backplane.Subject.Connection(member.id()), false);
    }

    private void left(Member member, String group) {
        if (!presence.isUnwatched()) {
            presence.tell(watcher -> watcher.left(member.id().value(), group));
        }
    }

    /** How many connections of the hub are here. */
    public int size() {
        return connections.size();
    }

    /** Whom to talk to, for code that no client called: there is no caller then. */
    public HubCallerClients<ClientProxy> clients() {
        return new Addresses(this, NOBODY, Asking.FREELY);
    }

    /** Whom to talk to, seen from one client by one of its calls. */
    public HubCallerClients<ClientProxy> clients(Member caller, Asking asking) {
        return new Addresses(this, caller.id(), asking);
    }

    /** Closes the connections of whoever is meant, wherever they are. */
    public CompletionStage<Void> abort(Recipients recipients) {
        return publish(recipients, Message.Abort.ABORT);
    }

    /** Sends a message to whoever is meant, wherever they are. */
    CompletionStage<Void> publish(Recipients recipients, Message message) {
        return backplane.publish(new Delivery(hub, recipients, message));
    }

    /** Asks one client for a result, wherever it is; after {@code limit}, if there is one, nobody waits any more. */
    CompletableFuture<@Nullable Object> ask(
            ConnectionId id, Type type, Optional<Duration> limit, Message.Call question) {
        CompletableFuture<@Nullable Object> answer;
        try {
            Member member = connections.get(id);
            answer = member == null ? askElsewhere(id, type, question) : askHere(member, type, question);
        } catch (RuntimeException | Error inexpressible) {
            FanOutLog.inexpressible(hub, question, inexpressible);
            return CompletableFuture.failedFuture(inexpressible);
        }
        limit.ifPresent(time -> giveUpAfter(time, answer));
        return answer;
    }

    private CompletableFuture<@Nullable Object> askHere(Member member, Type type, Message.Call question) {
        String number = "s" + questions.incrementAndGet();
        return member.ask(number, type, member.outbox().dialect().question(number, question));
    }

    private CompletableFuture<@Nullable Object> askElsewhere(ConnectionId id, Type type, Message.Call question) {
        String name = UUID.randomUUID().toString();
        return backplane
                .ask(hub, id, name, question)
                .<@Nullable Object>thenApply(answer -> read(answer, type))
                .toCompletableFuture();
    }

    private @Nullable Object read(Message answer, Type type) {
        if (answer instanceof Message.Encoded encoded) {
            for (Map.Entry<String, ByteBuffer> each : encoded.byDialect().entrySet()) {
                Dialect dialect = dialects.get(each.getKey());
                if (dialect != null) {
                    return Questions.result(dialect.readAnswer(each.getValue(), type), type);
                }
            }
        }
        throw new IllegalStateException("The answer is in no dialect that is known here: " + answer);
    }

    private void giveUpAfter(Duration limit, CompletableFuture<?> answer) {
        Scheduler.Timer timer = scheduler.schedule(
                limit,
                () -> Thread.startVirtualThread(() -> answer.completeExceptionally(ErrorTexts.questionCanceled())));
        answer.whenComplete((value, error) -> timer.cancel());
    }

    /**
     * Asks a connection for another node.
     *
     * @param name the id that the answer refers to; not that of another question to this connection
     * @return the answer, encoded; empty when the connection is not here
     */
    public Optional<CompletionStage<Message>> answer(ConnectionId id, String name, Message question) {
        return Optional.ofNullable(connections.get(id)).map(member -> {
            Dialect dialect = member.outbox().dialect();
            ByteBuffer message = question instanceof Message.Call call
                    ? dialect.question(name, call)
                    : ((Message.Encoded) question)
                            .in(dialect.name())
                            .orElseThrow(() -> new IllegalStateException("Not encoded for " + dialect.name()));
            return member.ask(name, Object.class, message)
                    .handle((value, error) -> new Message.Encoded(
                            Map.of(dialect.name(), dialect.answer(Questions.completion(name, value, error)))));
        });
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
                presence.tell(watcher -> watcher.joined(connection.value(), group));
            } else if (!joined && groups.remove(group, member)) {
                member.groups().remove(group);
                left(member, group);
            }
            return true;
        } finally {
            membership.unlock();
        }
    }

    /** Hears of a call that asks a client for a result, before the question goes out. */
    @FunctionalInterface
    public interface Asking {

        /** Nobody needs to know. */
        Asking FREELY = () -> {};

        /**
         * The call asks.
         *
         * @throws IllegalStateException if it may not
         */
        void asks();
    }

    /** Brings a delivery to everyone here whom it is for. */
    public CompletionStage<Void> deliver(Delivery delivery) {
        try {
            EncodeOnce message = new EncodeOnce(delivery.message(), rank(delivery.message()));
            CompletionStage<Void> room = switch (delivery.recipients()) {
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
            sent(delivery.message(), message.count());
            return room;
        } catch (RuntimeException | Error inexpressible) {
            // Whatever the payload mapper throws. The sender may not look at what became of it.
            FanOutLog.inexpressible(hub, delivery.message(), inexpressible);
            return CompletableFuture.failedFuture(inexpressible);
        }
    }

    private void sent(Message message, int count) {
        if (!observer.equals(ServerObserver.NONE) && message instanceof Message.Call call) {
            try {
                observer.sent(hub, call.target(), count);
            } catch (RuntimeException | Error thrown) {
                FanOutLog.observerFailed(thrown);
            }
        }
    }

    private Outbox.@Nullable Expendable rank(Message message) {
        return slowConsumers == null ? null : slowConsumers.rank(message);
    }

    private static CompletionStage<Void> toAll(
            Collection<Member> members, Set<ConnectionId> except, EncodeOnce message) {
        for (Member member : members) {
            if (except.isEmpty() || !except.contains(member.id())) {
                message.sendTo(member);
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
                message.sendTo(member);
                room = member.outbox().roomToSend();
            }
        }
        return ids.size() == 1 ? room : DONE;
    }
}
