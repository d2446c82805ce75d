package io.hubwire.server.internal.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.hub.HubPresence;
import io.hubwire.server.internal.outbox.NumberedDialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.Recipients;
import io.hubwire.server.spi.ServerObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who of a hub is here. */
class PresenceTest {

    private final Backplane backplane = FanOut.localBackplane();
    private final FanOut fanOut =
            new FanOut("hub", backplane, new FanOut.Setting(new FakeClock(), ServerObserver.NONE, List.of()));
    private final HubPresence presence = fanOut.presence();
    private final List<String> aborted = new CopyOnWriteArrayList<>();

    @BeforeEach
    void joinBackplane() {
        backplane.join(new Backplane.Node() {
            @Override
            public CompletionStage<Void> deliver(Delivery delivery) {
                return fanOut.deliver(delivery);
            }

            @Override
            public boolean member(String hub, ConnectionId connection, String group, boolean joined) {
                return fanOut.member(connection, group, joined);
            }

            @Override
            public Optional<CompletionStage<Message>> ask(
                    String hub, ConnectionId connection, String invocationId, Message call) {
                return Optional.empty();
            }
        });
    }

    private Member joins(String id, String user) {
        Outbox outbox = new Outbox(
                new NumberedDialect(1),
                Outbox.Limits.of(TransportOptions.builder().build()),
                new Unheard());
        return fanOut.join(
                new ConnectionId(id),
                Optional.of(user).filter(name -> !name.isEmpty()),
                "WebSockets",
                outbox,
                () -> aborted.add(id));
    }

    @Test
    void listsConnectionsUsersAndGroups() {
        joins("a1", "ann");
        joins("a2", "ann");
        joins("b", "ben");
        joins("x", "");
        fanOut.add("a1", "room");
        fanOut.add("b", "room");
        fanOut.add("b", "hall");

        assertThat(presence.count()).isEqualTo(4);
        assertThat(presence.connections())
                .extracting(HubPresence.Connected::connectionId)
                .containsExactlyInAnyOrder("a1", "a2", "b", "x");
        assertThat(presence.users()).containsExactlyInAnyOrder("ann", "ben");
        assertThat(presence.user("ann"))
                .extracting(HubPresence.Connected::connectionId)
                .containsExactlyInAnyOrder("a1", "a2");
        assertThat(presence.groups()).containsExactlyInAnyOrder("room", "hall");
        assertThat(presence.group("room"))
                .extracting(HubPresence.Connected::connectionId)
                .containsExactlyInAnyOrder("a1", "b");
        assertThat(presence.groupsOf("b")).containsExactlyInAnyOrder("room", "hall");
        assertThat(presence.connection("b")).hasValueSatisfying(ben -> {
            assertThat(ben.userIdentifier()).contains("ben");
            assertThat(ben.transport()).isEqualTo("WebSockets");
        });
    }

    @Test
    void knowsNothingOfThoseWhoAreNotHere() {
        fanOut.leave(joins("a", "ann"));

        assertThat(presence.count()).isZero();
        assertThat(presence.connection("a")).isEmpty();
        assertThat(presence.users()).isEmpty();
        assertThat(presence.user("ann")).isEmpty();
        assertThat(presence.group("room")).isEmpty();
        assertThat(presence.groupsOf("a")).isEmpty();
    }

    @Test
    void tellsWhoComesAndGoesInOrder() {
        List<String> news = new CopyOnWriteArrayList<>();
        presence.watch(new Noting(news));
        Member first = joins("a1", "ann");
        Member second = joins("a2", "ann");
        fanOut.add("a1", "room");
        fanOut.remove("a1", "room");
        fanOut.add("a1", "hall");
        fanOut.leave(first);
        fanOut.leave(second);

        await().untilAsserted(() -> assertThat(news).contains("user ann left"));
        await().untilAsserted(() -> assertThat(news)
                .containsSubsequence(
                        "a1 connected",
                        "user ann arrived",
                        "a2 connected",
                        "a1 joined room",
                        "a1 left room",
                        "a1 joined hall",
                        "a1 left hall",
                        "a1 disconnected",
                        "user ann left",
                        "a2 disconnected"));
        assertThat(news).filteredOn("user ann arrived"::equals).hasSize(1);
    }

    @Test
    void showsWhatItTells() {
        BlockingQueue<Set<String>> seen = new LinkedBlockingQueue<>();
        presence.watch(new HubPresence.Watcher() {
            @Override
            public void userArrived(String userId) {
                seen.add(presence.users());
            }

            @Override
            public void userLeft(String userId) {
                seen.add(presence.users());
            }
        });
        for (int i = 0; i < 20_000; i++) {
            Member ann = joins("a", "ann");
            assertThat(take(seen)).as("round %d, arrived", i).containsExactly("ann");
            fanOut.leave(ann);
            assertThat(take(seen)).as("round %d, left", i).isEmpty();
        }
    }

    private static <T> T take(BlockingQueue<T> queue) {
        try {
            return Objects.requireNonNull(queue.poll(10, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void tellsNobodyWhoHasStoppedWatching() {
        List<String> news = new CopyOnWriteArrayList<>();
        List<String> others = new CopyOnWriteArrayList<>();
        HubPresence.Watching watching = presence.watch(new Noting(news));
        presence.watch(new Noting(others));
        joins("a", "");
        await().untilAsserted(() -> assertThat(news).contains("a connected"));
        watching.close();
        joins("b", "");

        await().untilAsserted(() -> assertThat(others).contains("b connected"));
        assertThat(news).containsExactly("a connected");
    }

    @Test
    void goesOnAfterAWatcherThatThrows() {
        List<String> news = new ArrayList<>();
        presence.watch(new HubPresence.Watcher() {
            @Override
            public void connected(HubPresence.Connected connection) {
                news.add(connection.connectionId());
                throw new IllegalStateException("on purpose");
            }
        });
        joins("a", "");
        joins("b", "");

        await().untilAsserted(() -> assertThat(news).containsExactly("a", "b"));
    }

    @Test
    void letsConnectionsAndUsersBeClosed() {
        joins("a1", "ann");
        joins("a2", "ann");
        joins("b", "ben");
        fanOut.abort(new Recipients.Connections(List.of(new ConnectionId("b"), new ConnectionId("nobody"))));
        assertThat(aborted).containsExactly("b");
        fanOut.abort(new Recipients.Users(List.of("ann")));

        assertThat(aborted).containsExactlyInAnyOrder("b", "a1", "a2");
    }

    private record Noting(List<String> news) implements HubPresence.Watcher {

        @Override
        public void connected(HubPresence.Connected connection) {
            news.add(connection.connectionId() + " connected");
        }

        @Override
        public void disconnected(HubPresence.Connected connection) {
            news.add(connection.connectionId() + " disconnected");
        }

        @Override
        public void userArrived(String userId) {
            news.add("user " + userId + " arrived");
        }

        @Override
        public void userLeft(String userId) {
            news.add("user " + userId + " left");
        }

        @Override
        public void joined(String connectionId, String group) {
            news.add(connectionId + " joined " + group);
        }

        @Override
        public void left(String connectionId, String group) {
            news.add(connectionId + " left " + group);
        }
    }

    private record Unheard() implements Outbox.Listener {

        @Override
        public void ready() {}

        @Override
        public void overflowed(long bytes) {}
    }
}
