package io.hubwire.conformance.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.microsoft.signalr.HttpHubConnectionBuilder;
import com.microsoft.signalr.HubConnection;
import com.microsoft.signalr.HubConnectionState;
import com.microsoft.signalr.HubException;
import com.microsoft.signalr.TransportEnum;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Microsoft's Java client, which sends its JSON in binary frames. */
@Timeout(60)
abstract class JavaClientContract {

    private static final int PATIENCE = 10;

    private final JudgedServer server = server(Path.of("js/node_modules"));
    private final List<HubConnection> connections = new ArrayList<>();

    @AfterEach
    void stop() {
        connections.forEach(HubConnection::close);
        server.stop();
    }

    /** What is judged. */
    abstract JudgedServer server(Path packages);

    /** A client of it. */
    abstract HttpHubConnectionBuilder client(int port, String path);

    private HubConnection started(String path, TransportEnum transport) {
        HubConnection connection = client(server.port(), path)
                .withTransport(transport)
                .withAccessTokenProvider(Single.just("ann"))
                .build();
        connections.add(connection);
        start(connection);
        return connection;
    }

    private static void start(HubConnection connection) {
        assertThat(connection.start().blockingAwait(PATIENCE, TimeUnit.SECONDS)).isTrue();
    }

    private static <T> T call(HubConnection connection, Class<T> result, String method, Object... arguments) {
        return connection
                .invoke(result, method, arguments)
                .timeout(PATIENCE, TimeUnit.SECONDS)
                .blockingGet();
    }

    private static void invoke(HubConnection connection, String method, Object... arguments) {
        assertThat(connection.invoke(method, arguments).blockingAwait(PATIENCE, TimeUnit.SECONDS))
                .isTrue();
    }

    /** The second arguments of the calls of a method. */
    private static Queue<String> heardSecond(HubConnection connection, String method) {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        connection.on(method, (first, second) -> heard.add(second), String.class, String.class);
        return heard;
    }

    private static Queue<String> heard(HubConnection connection, String method) {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        connection.on(method, heard::add, String.class);
        return heard;
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKETS", "LONG_POLLING"})
    void callsAndHearsResults(TransportEnum transport) {
        HubConnection connection = started("/judge", transport);

        assertThat(call(connection, String.class, "echo", "zü€😀\u001e")).isEqualTo("zü€😀\u001e");
        assertThat(call(connection, String.class, "Transport"))
                .isEqualTo(transport == TransportEnum.WEBSOCKETS ? "WebSockets" : "LongPolling");
        assertThat(call(connection, String.class, "Id")).isEqualTo(connection.getConnectionId());
        assertThat(connection.invoke("Nothing").blockingAwait(PATIENCE, TimeUnit.SECONDS))
                .isTrue();
        JsonObject said = call(connection, JsonObject.class, "SendMessage", "ann", "hello");
        assertThat(said).hasToString("{\"user\":\"ann\",\"message\":\"hello\",\"length\":5}");
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKETS", "LONG_POLLING"})
    void hearsStreamsAndCancelsThem(TransportEnum transport) {
        HubConnection connection = started("/judge", transport);

        assertThat(connection.stream(Integer.class, "Count", 100)
                        .timeout(PATIENCE, TimeUnit.SECONDS)
                        .toList()
                        .blockingGet())
                .isEqualTo(IntStream.range(0, 100).boxed().toList());
        assertThatThrownBy(() -> connection.stream(Integer.class, "CountAndFail", 2)
                        .timeout(PATIENCE, TimeUnit.SECONDS)
                        .toList()
                        .blockingGet())
                .hasMessageContaining("An error occurred on the server while streaming results. HubException: no more");
        assertThat(connection.stream(Integer.class, "Endless")
                        .timeout(PATIENCE, TimeUnit.SECONDS)
                        .blockingFirst())
                .isEqualTo(1);
        await().until(() -> server.events().seen().stream()
                .anyMatch(event -> "cancelled".equals(event.get("event"))
                        && connection.getConnectionId().equals(event.get("id"))));
    }

    /** Over long polling this client posts without waiting for the answers: elements overtake each other on their way. */
    @Test
    void uploadsStreams() {
        HubConnection connection = started("/judge", TransportEnum.WEBSOCKETS);

        assertThat(call(connection, String.class, "Collect", Observable.range(0, 500)))
                .isEqualTo("500 true 124750");
        assertThat(connection.stream(Integer.class, "Doubled", Observable.just(1, 2, 3))
                        .timeout(PATIENCE, TimeUnit.SECONDS)
                        .toList()
                        .blockingGet())
                .containsExactly(2, 4, 6);
        Observable<Integer> broken = Observable.just(0).concatWith(Observable.error(new IllegalStateException("lost")));
        assertThatThrownBy(() -> call(connection, String.class, "Collect", broken))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("An unexpected error occurred invoking 'Collect' on the server. HubException:");
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKETS", "LONG_POLLING"})
    void answersQuestions(TransportEnum transport) {
        HubConnection connection = started("/judge", transport);
        connection.onWithResult("Question", question -> Single.just(question + " 42"), String.class);

        assertThat(call(connection, String.class, "AskMe", "answer?")).isEqualTo("answer? 42");
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKETS", "LONG_POLLING"})
    void readsErrorsAsTheyAreWorded(TransportEnum transport) {
        HubConnection connection = started("/judge", transport);

        assertThatThrownBy(() -> call(connection, String.class, "FailForTheCaller", "for you"))
                .isInstanceOf(HubException.class)
                .hasMessage(
                        "An unexpected error occurred invoking 'FailForTheCaller' on the server. HubException: for you");
        assertThatThrownBy(() -> call(connection, String.class, "Fail", "secret"))
                .isInstanceOf(HubException.class)
                .hasMessage("An unexpected error occurred invoking 'Fail' on the server.");
        assertThatThrownBy(() -> call(connection, String.class, "nope"))
                .isInstanceOf(HubException.class)
                .hasMessage(
                        "Failed to invoke 'nope' due to an error on the server. HubException: Method does not exist.");
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKETS", "LONG_POLLING"})
    void hearsWhatIsSentToAllToGroupsAndToUsers(TransportEnum transport) {
        HubConnection one = started("/secured", transport);
        HubConnection other = started("/secured", transport);
        Queue<String> atOne = heard(one, "Message");
        Queue<String> atOther = heard(other, "Message");
        Queue<String> allAtOne = heardSecond(one, "ReceiveMessage");
        Queue<String> allAtOther = heardSecond(other, "ReceiveMessage");

        call(one, JsonObject.class, "SendMessage", "ann", "to all");
        await().untilAsserted(() -> assertThat(allAtOne).containsExactly("to all"));
        await().untilAsserted(() -> assertThat(allAtOther).containsExactly("to all"));
        invoke(one, "Join", "g");
        invoke(other, "SendGroup", "g", "to the group");
        await().untilAsserted(() -> assertThat(atOne).containsExactly("to the group"));
        invoke(other, "SendUser", "ann", "to the user");
        invoke(one, "SendOthers", "to the other");
        await().untilAsserted(() -> assertThat(atOther).containsExactly("to the user", "to the other"));
        await().untilAsserted(() -> assertThat(atOne).containsExactly("to the group", "to the user"));
        assertThat(call(one, String.class, "WhoAmI")).isEqualTo("ann");
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKETS", "LONG_POLLING"})
    void stopsAndStartsAgain(TransportEnum transport) {
        HubConnection connection = started("/judge", transport);
        String first = call(connection, String.class, "Id");

        assertThat(connection.stop().blockingAwait(PATIENCE, TimeUnit.SECONDS)).isTrue();
        assertThat(connection.getConnectionState()).isEqualTo(HubConnectionState.DISCONNECTED);
        await().until(() -> server.connections() == 0);
        start(connection);

        assertThat(call(connection, String.class, "Id")).isNotEqualTo(first);
        assertThat(server.events().seen())
                .filteredOn(event -> first.equals(event.get("id")))
                .extracting(event -> event.get("event"))
                .containsExactly("connected", "disconnected");
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKETS", "LONG_POLLING"})
    void isToldWhenTheServerStops(TransportEnum transport) {
        HubConnection connection = started("/judge", transport);

        server.stop();

        await().until(() -> connection.getConnectionState() == HubConnectionState.DISCONNECTED);
    }
}
