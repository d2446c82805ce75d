package io.hubwire.samples.stock.ticker;

import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.hub.HubPresence;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/** Who is here and who follows which stock, told to everybody when it changes, newcomers too. Safe for any thread. */
final class Audience implements HubPresence.Watcher {

    /** Empty until the server is built, which wants a hub first, which wants this. */
    private final AtomicReference<HubContext<ClientProxy>> hub = new AtomicReference<>();

    /** Begins to watch a hub. */
    void watch(HubContext<ClientProxy> watched) {
        hub.set(watched);
        watched.presence().watch(this);
    }

    /** The names of those who follow a stock, by its symbol. */
    private Map<String, Set<String>> followers() {
        HubPresence presence = presence();
        Map<String, Set<String>> followers = new TreeMap<>();
        for (String symbol : presence.groups()) {
            Set<String> names = new TreeSet<>();
            presence.group(symbol).forEach(page -> page.userIdentifier().ifPresent(names::add));
            if (!names.isEmpty()) {
                followers.put(symbol, names);
            }
        }
        return followers;
    }

    /** How many people there are; somebody with two pages is one person. */
    int people() {
        return presence().users().size();
    }

    @Override
    public void connected(HubPresence.Connected page) {
        tell();
    }

    @Override
    public void disconnected(HubPresence.Connected page) {
        tell();
    }

    @Override
    public void joined(String connectionId, String group) {
        tell();
    }

    @Override
    public void left(String connectionId, String group) {
        tell();
    }

    private HubPresence presence() {
        return hub.get().presence();
    }

    private void tell() {
        hub.get().clients().all().send("audience", followers(), people());
    }
}
