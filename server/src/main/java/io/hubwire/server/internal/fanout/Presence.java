package io.hubwire.server.internal.fanout;

import io.hubwire.server.hub.HubPresence;
import io.hubwire.server.spi.ConnectionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a hub's tables look like from outside, and who is told when they change. Safe for any thread. */
final class Presence implements HubPresence {

    private final Map<ConnectionId, Member> connections;
    private final GroupTable users;
    private final GroupTable groups;
    private final Function<Member, Set<String>> groupsOf;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    Presence(
            Map<ConnectionId, Member> connections,
            GroupTable users,
            GroupTable groups,
            Function<Member, Set<String>> groupsOf) {
        this.groupsOf = groupsOf;
        this.connections = connections;
        this.users = users;
        this.groups = groups;
    }

    /** Passes news on, in the order of the calls; does not wait for anybody. */
    void tell(Consumer<Watcher> news) {
        for (Watch watch : watches) {
            watch.add(news);
        }
    }

    /** Whether nobody is to be told. */
    boolean isUnwatched() {
        return watches.isEmpty();
    }

    @Override
    public int count() {
        return connections.size();
    }

    @Override
    public List<Connected> connections() {
        return shown(connections.values());
    }

    @Override
    public Optional<Connected> connection(String connectionId) {
        return Optional.ofNullable(connections.get(new ConnectionId(connectionId)))
                .map(Member::shown);
    }

    @Override
    public Set<String> users() {
        return users.names();
    }

    @Override
    public Collection<Connected> user(String userId) {
        return shown(users.of(userId));
    }

    @Override
    public Set<String> groups() {
        return groups.names();
    }

    @Override
    public Collection<Connected> group(String name) {
        return shown(groups.of(name));
    }

    private static List<Connected> shown(Collection<Member> members) {
        return members.stream().map(Member::shown).toList();
    }

    @Override
    public Set<String> groupsOf(String connectionId) {
        return Optional.ofNullable(connections.get(new ConnectionId(connectionId)))
                .map(groupsOf)
                .orElse(Set.of());
    }

    @Override
    public Watching watch(Watcher watcher) {
        Watch watch = new Watch(watcher);
        watches.add(watch);
        return () -> {
            watches.remove(watch);
            watch.stop();
        };
    }
}
