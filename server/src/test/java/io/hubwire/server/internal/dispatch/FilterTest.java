package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.error;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static io.hubwire.server.internal.dispatch.HubScene.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubCallerContext;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubInvocation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stands around a hub. */
@Timeout(20)
class FilterTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final HubScene scene = new HubScene(Filtered.class);

    @Test
    void theFirstIsTheOutermostAndThoseOfAMethodTheInnermost() {
        scene.filters = List.of(new Noting("first"), new Noting("second"));
        scene.methodFilters = Map.of("add", List.of(new Noting("own")));
        FakePipe client = scene.client();
        client.sends(call("Add", "1,2") + call("2", "Nothing", ""));
        client.awaitMessages(3);

        assertThat(events)
                .containsSubsequence(
                        "> first Add", "> second Add", "> own Add", "< own Add", "< second Add", "< first Add")
                .contains("> first Nothing", "> second Nothing")
                .doesNotContain("> own Nothing");
    }

    @Test
    void changesWhatTheMethodGets() {
        scene.filters = List.of(filter((call, next) -> next.invoke(call.withArguments(List.of(40, 2)))));
        FakePipe client = scene.client();
        client.sends(call("Add", "1,2"));

        assertThat(client.awaitMessages(2)).last().isEqualTo(result("42"));
    }

    @Test
    void answersInPlaceOfTheMethod() {
        scene.filters = List.of(filter((call, next) -> 7));
        FakePipe client = scene.client();
        client.sends(call("Add", "1,2"));

        assertThat(client.awaitMessages(2)).last().isEqualTo(result("7"));
    }

    @Test
    void ownsUpToWhatIsNoStream() {
        scene.filters = List.of(filter((call, next) -> "no stream"));
        FakePipe client = scene.client();
        client.sends(stream("Letters", ""));

        assertThat(client.awaitMessages(2))
                .last()
                .isEqualTo(error("The value returned by the streaming method 'Letters' is not a ChannelReader<> or"
                        + " IAsyncEnumerable<>."));
    }

    @Test
    void refusesByThrowing() {
        scene.filters = List.of(filter((call, next) -> {
            throw new HubException("not now");
        }));
        FakePipe client = scene.client();
        client.sends(call("Add", "1,2"));

        assertThat(client.awaitMessages(2))
                .last()
                .isEqualTo(error("An unexpected error occurred invoking 'Add' on the server. HubException: not now"));
    }

    @Test
    void seesWhatTheMethodThrows() {
        scene.filters = List.of(filter((call, next) -> {
            try {
                return next.invoke(call);
            } catch (IllegalStateException thrown) {
                throw new HubException("translated " + thrown.getMessage());
            }
        }));
        FakePipe client = scene.client();
        client.sends(call("Throw", ""));

        assertThat(client.awaitMessages(2)).last().asString().contains("HubException: translated hidden");
    }

    @Test
    void standsAroundTheCallThatReturnsAStream() {
        scene.filters = List.of(new Noting("only"));
        FakePipe client = scene.client();
        client.sends(stream("Letters", ""));
        client.awaitMessages(4);

        assertThat(events).contains("> only Letters", "< only Letters");
    }

    @Test
    void doesNotSeeCallsThatGetToNoMethod() {
        scene.filters = List.of(new Noting("only"));
        FakePipe client = scene.client();
        client.sends(call("1", "NoSuch", "") + call("2", "Add", "1") + call("3", "AdminOnly", ""));
        client.awaitMessages(4);

        assertThat(events).noneMatch(event -> event.startsWith("> "));
    }

    @Test
    void seesTheHeadersOfACall() {
        scene.filters = List.of(filter((call, next) -> call.headers().get("traceparent")));
        FakePipe client = scene.client();
        client.sends(
                "{\"type\":1,\"headers\":{\"traceparent\":\"00-1-2-01\"},\"invocationId\":\"1\",\"target\":\"Word\","
                        + "\"arguments\":[]};;");

        assertThat(client.awaitMessages(2)).last().isEqualTo(result("\"00-1-2-01\""));
    }

    @Test
    void standsAroundTheComingAndGoingOfClients() {
        scene.filters = List.of(new Noting("first"), new Noting("second"));
        FakePipe client = scene.client();
        client.sends(call("Add", "1,2"));
        client.awaitMessages(2);
        client.vanishes();

        await().untilAsserted(() -> assertThat(events)
                .containsSubsequence(
                        "first connected", "second connected", "first disconnected", "second disconnected"));
    }

    @Test
    void refusesAClientAtTheDoor() {
        scene.filters = List.of(new HubFilter() {
            @Override
            public void connected(HubCallerContext client, HubBase<?> hub, Lifetime next) {
                throw new HubException("closed today");
            }
        });
        FakePipe client = scene.client();

        assertThat(client.awaitMessages(2))
                .last()
                .isEqualTo("{\"type\":7,\"error\":\"Connection closed with an error. HubException: closed today\"}");
    }

    private static HubFilter filter(Around around) {
        return new HubFilter() {
            @Override
            public @Nullable Object invoke(HubInvocation invocation, Next next) throws Exception {
                return around.invoke(invocation, next);
            }
        };
    }

    private interface Around {

        @Nullable Object invoke(HubInvocation call, HubFilter.Next next) throws Exception;
    }

    private final class Noting implements HubFilter {

        private final String name;

        Noting(String name) {
            this.name = name;
        }

        @Override
        public @Nullable Object invoke(HubInvocation invocation, Next next) throws Exception {
            events.add("> " + name + " " + invocation.method().name());
            Object result = next.invoke(invocation);
            events.add("< " + name + " " + invocation.method().name());
            return result;
        }

        @Override
        public void connected(HubCallerContext client, HubBase<?> hub, Lifetime next) throws Exception {
            events.add(name + " connected");
            next.run();
        }

        @Override
        public void disconnected(HubCallerContext client, HubBase<?> hub, Departure departure, Lifetime next)
                throws Exception {
            events.add(name + " disconnected");
            next.run();
        }
    }

    @SuppressWarnings("MethodName")
    public static final class Filtered extends Hub {

        Filtered() {}

        public int Add(int a, int b) {
            return a + b;
        }

        public void Nothing() {}

        public String Word() {
            return "word";
        }

        public void Throw() {
            throw new IllegalStateException("hidden");
        }

        public Stream<String> Letters() {
            return Stream.of("a", "b");
        }

        @Authorize(roles = "admin")
        public void AdminOnly() {}
    }
}
