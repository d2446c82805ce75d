package io.hubwire.samples.chat;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

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
        change(room, there -> there.put(connection, name), listener);
    }

    /** Takes a connection out, and tells {@code listener} likewise. */
    void leave(String room, String connection, Listener listener) {
        change(room, there -> there.remove(connection), listener);
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

    private void change(String room, Consumer<Map<String, String>> change, Listener listener) {
        lock.lock();
        try {
            Map<String, String> there = people.computeIfAbsent(room, absent -> new HashMap<>());
            change.accept(there);
            people.values().removeIf(Map::isEmpty);
            Map<String, Integer> sizes = new TreeMap<>();
            people.forEach((each, inside) -> sizes.put(each, names(inside).size()));
            listener.changed(room, names(there), sizes);
        } finally {
            lock.unlock();
        }
    }

    /** Somebody with two screens is one person. */
    private static Collection<String> names(Map<String, String> there) {
        return new TreeSet<>(there.values());
    }
}
