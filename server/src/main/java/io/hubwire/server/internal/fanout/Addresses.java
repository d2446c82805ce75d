package io.hubwire.server.internal.fanout;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Recipients;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Turns SignalR's selectors into recipients, seen from one client or from none. */
final class Addresses implements HubCallerClients<ClientProxy> {

    private final FanOut hub;
    private final ConnectionId caller;
    private final FanOut.Asking asking;

    Addresses(FanOut hub, ConnectionId caller, FanOut.Asking asking) {
        this.hub = hub;
        this.caller = caller;
        this.asking = asking;
    }

    @Override
    public ClientProxy caller() {
        return new One(caller);
    }

    @Override
    public ClientProxy others() {
        return to(new Recipients.Everyone(Set.of(caller)));
    }

    @Override
    public ClientProxy othersInGroup(String name) {
        return to(new Recipients.Groups(List.of(named(name)), Set.of(caller)));
    }

    @Override
    public ClientProxy all() {
        return to(Recipients.Everyone.OF_THE_HUB);
    }

    @Override
    public ClientProxy allExcept(Collection<String> connectionIds) {
        return to(new Recipients.Everyone(Set.copyOf(ids(connectionIds))));
    }

    @Override
    public ClientProxy client(String connectionId) {
        return new One(new ConnectionId(connectionId));
    }

    @Override
    public ClientProxy clients(Collection<String> connectionIds) {
        return to(new Recipients.Connections(ids(connectionIds)));
    }

    @Override
    public ClientProxy group(String name) {
        return to(new Recipients.Groups(List.of(named(name)), Set.of()));
    }

    @Override
    public ClientProxy groups(Collection<String> names) {
        return to(new Recipients.Groups(names.stream().map(Addresses::named).toList(), Set.of()));
    }

    @Override
    public ClientProxy groupExcept(String name, Collection<String> connectionIds) {
        return to(new Recipients.Groups(List.of(named(name)), Set.copyOf(ids(connectionIds))));
    }

    @Override
    public ClientProxy user(String userId) {
        return to(new Recipients.Users(List.of(userId)));
    }

    @Override
    public ClientProxy users(Collection<String> userIds) {
        return to(new Recipients.Users(List.copyOf(userIds)));
    }

    /** Refuses the empty name. */
    static String named(String group) {
        if (group.isEmpty()) {
            throw new IllegalArgumentException("Cannot send to an empty group name.");
        }
        return group;
    }

    private static List<ConnectionId> ids(Collection<String> ids) {
        return ids.stream().map(ConnectionId::new).toList();
    }

    private ClientProxy to(Recipients recipients) {
        return (method, arguments) -> hub.publish(recipients, Message.Call.of(method, arguments));
    }

    /** One connection, which can be asked for results. */
    private final class One implements ClientProxy {

        private final ConnectionId id;

        One(ConnectionId id) {
            this.id = id;
        }

        @Override
        public CompletionStage<Void> send(String method, @Nullable Object... arguments) {
            return hub.publish(new Recipients.Connections(List.of(id)), Message.Call.of(method, arguments));
        }

        @Override
        public <R> CompletableFuture<R> invoke(Class<R> type, String method, @Nullable Object... arguments) {
            return ask(type, Optional.empty(), method, arguments);
        }

        @Override
        public <R> CompletableFuture<R> invoke(
                Class<R> type, Duration limit, String method, @Nullable Object... arguments) {
            return ask(type, Optional.of(limit), method, arguments);
        }

        @Override
        public CompletableFuture<@Nullable Object> invoke(Type type, String method, @Nullable Object... arguments) {
            return ask(type, Optional.empty(), method, arguments);
        }

        // The answer was read as exactly this type.
        @SuppressWarnings("unchecked")
        private <R extends @Nullable Object> CompletableFuture<R> ask(
                Type type, Optional<Duration> limit, String method, @Nullable Object... arguments) {
            try {
                asking.asks();
            } catch (IllegalStateException notAllowed) {
                return CompletableFuture.failedFuture(notAllowed);
            }
            return (CompletableFuture<R>) hub.ask(id, type, limit, Message.Call.of(method, arguments));
        }
    }
}
