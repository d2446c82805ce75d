package io.hubwire.server.internal.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.protocol.json.JsonHubProtocol;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.ServerObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A question from one node to a client of another. */
class QuestionsAcrossNodesTest {

    private static final Pattern ID = Pattern.compile("\"invocationId\":\"([^\"]+)\"");

    private final List<FanOut> nodes = new ArrayList<>();
    private final FanOut here = node();
    private final FanOut there = node();
    private final Outbox outbox = new Outbox(
            dialects().iterator().next(),
            Outbox.Limits.of(TransportOptions.builder().build()),
            new Unheard());
    private final Member client = there.join(new ConnectionId("ben"), Optional.empty(), "WebSockets", outbox, () -> {});

    private static Collection<? extends Dialect> dialects() {
        return HubConnection.Settings.of(
                        new HubConnection.Shared(new FakeClock()),
                        HubOptions.builder().build(),
                        TransportOptions.builder().build(),
                        List.of(new JsonHubProtocol(new FakePayload())))
                .dialects();
    }

    private FanOut node() {
        FanOut node =
                new FanOut("hub", new Wire(), new FanOut.Setting(new FakeClock(), ServerObserver.NONE, dialects()));
        nodes.add(node);
        return node;
    }

    private String asked() {
        String question = StandardCharsets.UTF_8
                .decode(Objects.requireNonNull(outbox.take()))
                .toString();
        Matcher id = ID.matcher(question);
        assertThat(id.find()).as(question).isTrue();
        return id.group(1);
    }

    @Test
    void isAnswered() {
        CompletableFuture<String> answer = here.clients().client("ben").invoke(String.class, "Ask", "name?");
        String id = asked();
        assertThat(client.resultType(id)).contains(Object.class);
        client.answered(new HubMessage.Completion(id, new Outcome.Value("Ben")), Runnable::run);

        assertThat(answer).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("Ben");
    }

    @Test
    void fails() {
        CompletableFuture<String> answer = here.clients().client("ben").invoke(String.class, "Ask", "name?");
        client.answered(new HubMessage.Completion(asked(), new Outcome.Failure("no idea")), Runnable::run);

        assertThat(answer)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no idea");
    }

    @Test
    void isAnsweredWithSomethingElse() {
        CompletableFuture<Integer> answer = here.clients().client("ben").invoke(int.class, "Ask", "age?");
        client.answered(new HubMessage.Completion(asked(), new Outcome.Value("old")), Runnable::run);

        assertThat(answer)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("Error trying to deserialize result to int.");
    }

    @Test
    void endsWithTheClient() {
        CompletableFuture<String> answer = here.clients().client("ben").invoke(String.class, "Ask", "name?");
        client.gone();

        assertThat(answer)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("Connection disconnected.");
    }

    @Test
    void goesToNobody() {
        assertThat(here.clients().client("nobody").invoke(String.class, "Ask"))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withCause(new IOException("Connection 'nobody' does not exist."));
    }

    private record Unheard() implements Outbox.Listener {

        @Override
        public void ready() {}

        @Override
        public void overflowed(long bytes) {}
    }

    /** Between the nodes of one process. */
    private final class Wire implements Backplane {

        @Override
        public void join(Node node) {}

        @Override
        public CompletionStage<Void> publish(Delivery delivery) {
            nodes.forEach(node -> node.deliver(delivery));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Boolean> member(String hub, ConnectionId connection, String group, boolean joined) {
            return CompletableFuture.completedFuture(
                    nodes.stream().anyMatch(node -> node.member(connection, group, joined)));
        }

        @Override
        public CompletionStage<Message> ask(String hub, ConnectionId connection, String invocationId, Message call) {
            return nodes.stream()
                    .map(node -> node.answer(connection, invocationId, call))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseGet(() -> FanOut.localBackplane().ask(hub, connection, invocationId, call));
        }

        @Override
        public void interest(String hub, Subject subject, boolean present) {}

        @Override
        public void close() {}
    }
}
