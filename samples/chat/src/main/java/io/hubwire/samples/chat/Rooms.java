package io.hubwire.samples.chat;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** Who is in which room of this server. Safe for any thread. */
final class Rooms {

    /** Hears what a room looks like after a change. */
    @FunctionalInterface
    interface Listener {
        void changed(String room, Collection<String> names, Map<String, Integer> sizes);
    }

    private final ReentrantLock lock = new ReentrantLock();

    /** Room to connection to name; a room is here while it has people. */
    private final Map<String, Map<String, String>> people = new TreeMap<>();

    /** Adds a connection, and tells {@code listener} before anybody else can change anything: news stay in order. */
    void enter(String room, String connection, String name, Listener listener) {
        change(room, listener, () -> people.computeIfAbsent(room, absent -> new LinkedHashMap<>())
                .put(connection, name));
    }

    /** Takes a connection out, and tells {@code listener} likewise. */
    void leave(String room, String connection, Listener listener) {
        change(room, listener, () -> people.computeIfPresent(room, (same, there) -> {
            there.remove(connection);
            return there.isEmpty() ? null : there;
        }));
    }

    /** Tells whether somebody of that name is in any room. */
    boolean hold(String name) {
        lock.lock();
        try {
            return people.values().stream().anyMatch(there -> there.containsValue(name));
        } finally {
            lock.unlock();
        }
    }

    private void change(String room, Listener listener, Runnable change) {
        lock.lock();
        try {
            change.run();
            Map<String, Integer> sizes = new TreeMap<>();
            people.forEach((each, there) -> sizes.put(each, names(there).size()));
            listener.changed(room, names(people.getOrDefault(room, Map.of())), sizes);
        } finally {
            lock.unlock();
        }
    }

    /** Somebody with two screens is one person. */
    private static Collection<String> names(Map<String, String> there) {
        return new TreeSet<>(there.values());
    }
}
