package io.hubwire.server.internal.fanout;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.HubCallerClients;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Recipients;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Turns SignalR's selectors into recipients, seen from one client or from none. */
final class Addresses implements HubCallerClients<ClientProxy> {

    private final String hub;
    private final Function<Delivery, CompletionStage<Void>> publish;
    private final ConnectionId caller;

    Addresses(String hub, Function<Delivery, CompletionStage<Void>> publish, ConnectionId caller) {
        this.hub = hub;
        this.publish = publish;
        this.caller = caller;
    }

    @Override
    public ClientProxy caller() {
        return to(new Recipients.Connections(List.of(caller)));
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
        return to(new Recipients.Connections(List.of(new ConnectionId(connectionId))));
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
        return (method, arguments) -> publish.apply(new Delivery(hub, recipients, Message.Call.of(method, arguments)));
    }
}
