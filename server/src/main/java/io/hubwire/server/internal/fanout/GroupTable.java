package io.hubwire.server.internal.fanout;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Names and who of this node goes by them: groups, or users.
 *
 * <p>Safe for any thread. The first and the last of a name are told while the name is held, so that the news of one name
 * come in order.
 */
final class GroupTable {

    private final Map<String, Map<Member, Boolean>> members = new ConcurrentHashMap<>();
    private final BiConsumer<String, Boolean> news;

    /** Creates an empty table that tells {@code news} which names have members here and which no longer. */
    GroupTable(BiConsumer<String, Boolean> news) {
        this.news = news;
    }

    /** Adds a member; false if it was there. */
    boolean add(String name, Member member) {
        boolean[] added = new boolean[1];
        members.compute(name, (key, known) -> {
            Map<Member, Boolean> all = known;
            if (all == null) {
                all = new ConcurrentHashMap<>(4);
                news.accept(key, true);
            }
            added[0] = all.put(member, true) == null;
            return all;
        });
        return added[0];
    }

    /** Removes a member; false if it was not there. */
    boolean remove(String name, Member member) {
        boolean[] removed = new boolean[1];
        members.computeIfPresent(name, (key, all) -> {
            removed[0] = all.remove(member) != null;
            if (!all.isEmpty()) {
                return all;
            }
            news.accept(key, false);
            return null;
        });
        return removed[0];
    }

    /** The names that anybody goes by now. */
    Set<String> names() {
        return Set.copyOf(members.keySet());
    }

    /** Who goes by this name now. */
    Collection<Member> of(String name) {
        Map<Member, Boolean> all = members.get(name);
        return all == null ? List.of() : all.keySet();
    }
}
