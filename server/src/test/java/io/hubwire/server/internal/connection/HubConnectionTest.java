package io.hubwire.server.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.Framing;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.json.JsonHubProtocol;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Pipe;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HubConnectionTest {

    private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1};;";
    private static final String GOODBYE = "{\"type\":7}";
    private static final String COME_BACK = "{\"type\":7,\"allowReconnect\":true}";
    private static final String FAULT =
            "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}";

    private final FakeClock clock = new FakeClock();
    private final FakeHub hub = new FakeHub();
    private final HubConnection.Shared shared = new HubConnection.Shared(clock);
    private HubOptions options = HubOptions.builder().build();
    private TransportOptions transport = TransportOptions.builder().build();
    private FakePipe pipe = new FakePipe();

    @Nested
    class AHandshake {

        @Test
        void isAnsweredAndLetsTheClientIn() {
            connect();

            assertThat(pipe.units()).containsExactly("{}\u001E");
            assertThat(hub.events).containsExactly("entering", "opened");
        }

        @Test
        void mayComeInPieces() {
            open();
            pipe.sends("{\"protocol\":\"js").sends("on\",\"version\":1}");
            assertThat(pipe.units()).isEmpty();

            pipe.sends(";;");

            assertThat(pipe.messages()).containsExactly("{}");
        }

        @Test
        void mayBeFollowedByMessagesInTheSameUnit() {
            open();
            pipe.sends(HANDSHAKE + invocation("1", "a") + invocation("2", "b"));

            assertThat(pipe.awaitMessages(3)).containsExactly("{}", completion("1", "a"), completion("2", "b"));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {"protocol":"xml","version":1}  | The protocol 'xml' is not supported.
                {"protocol":"JSON","version":9} | The server does not support version 9 of the 'JSON' protocol.
                {"protocol":"json","version":3} | The server does not support version 3 of the 'json' protocol.
                hello                           | An unexpected error occurred during connection handshake.
                {"version":1}                   | An unexpected error occurred during connection handshake.
                []                              | An unexpected error occurred during connection handshake.
                """)
        void thatCannotBeAgreedToIsRefusedInTheseWords(String request, String error) {
            open();
            pipe.sends(request + ";;");

            assertThat(pipe.messages()).containsExactly("{\"error\":\"" + error + "\"}");
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
            assertThat(hub.events).containsExactly("failed ProtocolException", "gone");
            assertThat(shared.connections()).isEmpty();
            assertThat(clock.scheduled()).isZero();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {"version":1}                     | Missing required property 'protocol'. Message content: {\\"version\\":1}
                {"protocol":"json"}               | Missing required property 'version'. Message content: {\\"protocol\\":\\"json\\"}
                []                                | Unexpected JSON Token Type 'Array'. Expected a JSON Object.
                {"protocol":1,"version":1}        | Expected 'protocol' to be of type String.
                {"protocol":"json","version":"1"} | Expected 'version' to be of type Number.
                """)
        void thatIsMalformedIsRefusedInDetailWhereThatIsAllowed(String request, String detail) {
            options = options.toBuilder().enableDetailedErrors(true).build();
            open();
            pipe.sends(request + ";;");

            assertThat(pipe.messages())
                    .containsExactly("{\"error\":\"An unexpected error occurred during connection handshake."
                            + " InvalidDataException: " + detail + "\"}");
        }

        @ParameterizedTest
        @CsvSource({"json,0", "json,1", "json,2", "JSON,1", "json,-1"})
        void knowsTheseNamesAndVersions(String protocol, int version) {
            open();
            pipe.sends("{\"protocol\":\"" + protocol + "\",\"version\":" + version + "};;");

            assertThat(pipe.messages()).containsExactly("{}");
        }

        @Test
        void ofABinaryProtocolIsRefusedWhereOnlyTextPasses() {
            pipe = new FakePipe(TransportType.SERVER_SENT_EVENTS);
            open();
            pipe.sends("{\"protocol\":\"binary\",\"version\":1};;");

            assertThat(pipe.messages())
                    .containsExactly("{\"error\":\"Cannot use the 'binary' protocol on the current transport."
                            + " The transport does not support 'Binary' transfer format.\"}");
        }

        @Test
        void settlesTheFormatBeforeItIsAnswered() {
            open();
            pipe.sends("{\"protocol\":\"binary\",\"version\":1};;");

            assertThat(pipe.format()).isEqualTo(TransferFormat.BINARY);
            assertThat(pipe.messages()).containsExactly("{}");
        }

        @Test
        void mayTakeAsLongAsItIsTold() {
            options = HubOptions.builder()
                    .handshakeTimeout(Duration.ofMillis(1234))
                    .build();
            open();
            clock.advance(Duration.ofMillis(1233));
            assertThat(pipe.units()).isEmpty();

            clock.advance(Duration.ofMillis(1));

            assertThat(pipe.messages()).containsExactly("{\"error\":\"Handshake was canceled.\"}");
        }

        @Test
        void mustComeInTime() {
            open();
            clock.advance(Duration.ofSeconds(14));
            assertThat(pipe.units()).isEmpty();

            clock.advance(Duration.ofSeconds(1));

            assertThat(pipe.messages()).containsExactly("{\"error\":\"Handshake was canceled.\"}");
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
            assertThat(hub.events).containsExactly("failed ProtocolException", "gone");
        }

        @Test
        void mayBeAsLongAsAMessageAndNoLonger() {
            options = options.toBuilder().maximumReceiveMessageSize(40).build();
            open();
            pipe.sends("{\"protocol\":\"json\",\"version\":1" + " ".repeat(8) + "};;");
            assertThat(pipe.messages()).containsExactly("{}");

            pipe = new FakePipe();
            open();
            pipe.sends("{\"protocol\":\"json\",\"version\":1" + " ".repeat(9) + "};;");
            assertThat(pipe.messages()).containsExactly("{\"error\":\"Handshake was canceled.\"}");
        }

        @Test
        void thatDoesNotComeBecauseTheClientIsGoneEndsInSilence() {
            open();
            pipe.sends("{\"proto");
            pipe.vanishes();

            assertThat(pipe.units()).isEmpty();
            assertThat(hub.events).containsExactly("gone");
            assertThat(shared.connections()).isEmpty();
            assertThat(clock.scheduled()).isZero();
        }

        @Test
        void isNotWaitedForWhenTheServerGoesAway() {
            HubConnection connection = open();

            connection.goAway();
            pipe.sends(HANDSHAKE);

            assertThat(pipe.units()).isEmpty();
            assertThat(pipe.ending()).contains(Pipe.Ending.GOING_AWAY);
            assertThat(hub.events).containsExactly("gone");
        }

        @Test
        void isNotExpectedOfAClientThatLeaves() {
            pipe = new FakePipe(TransportType.LONG_POLLING);
            open();

            pipe.leaves();

            assertThat(pipe.units()).isEmpty();
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
        }
    }

    @Nested
    class WhileTheHubLetsTheClientIn {

        @Test
        void nothingIsReadThatTheClientSends() {
            hub.entersLater = true;
            HubConnection connection = connect();
            pipe.sends(invocation("1", "a") + invocation("2", "b"));
            pipe.sends(invocation("3", "c"));

            assertThat(pipe.isPaused()).isTrue();
            assertThat(hub.events).containsExactly("entering");

            connection.opened();

            assertThat(pipe.awaitMessages(4))
                    .containsExactly("{}", completion("1", "a"), completion("2", "b"), completion("3", "c"));
            assertThat(pipe.isPaused()).isFalse();
        }

        @Test
        void messagesReachItBehindTheAnswerToItsHandshake() {
            hub.entersLater = true;
            HubConnection connection = connect();

            connection.send(new HubMessage.Invocation("hello", List.of()));

            assertThat(pipe.messages()).containsExactly("{}", "{\"type\":1,\"target\":\"hello\",\"arguments\":[]}");
        }

        @Test
        void itCanBeRefused() {
            hub.entersLater = true;
            HubConnection connection = connect();

            connection.refused(new IllegalStateException("not today"));

            assertThat(pipe.messages())
                    .containsExactly("{}", "{\"type\":7,\"error\":\"Connection closed with an error.\"}");
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
            assertThat(hub.events).containsExactly("entering", "gone");
            assertThat(shared.connections()).isEmpty();
        }

        @Test
        void aHubThatFailsRefusesIt() {
            hub.entersNever = new IllegalStateException("no such user");
            connect();

            assertThat(pipe.messages())
                    .containsExactly("{}", "{\"type\":7,\"error\":\"Connection closed with an error.\"}");
            assertThat(hub.events).containsExactly("entering", "failed IllegalStateException", "gone");
        }

        @Test
        void aClientThatVanishesIsSeenOffAfterwards() {
            hub.entersLater = true;
            HubConnection connection = connect();
            pipe.vanishes();
            assertThat(hub.events).containsExactly("entering", "gone");
            assertThat(shared.connections()).containsExactly(connection);

            connection.opened();

            assertThat(hub.events).containsExactly("entering", "gone", "opened", "disconnected - false");
            assertThat(shared.connections()).isEmpty();
        }

        @Test
        void whatAClientCalledBeforeItVanishedIsCalledAfterwards() {
            hub.entersLater = true;
            HubConnection connection = open();
            pipe.sends(HANDSHAKE + invocation("1", "a"));
            pipe.vanishes();

            connection.opened();

            pipe.awaitUntil(() -> hub.events.contains("disconnected - false"));
            pipe.awaitUntil(() -> hub.called.contains("a"));
        }

        @Test
        void aConnectionThatTheServerEndsIsSeenOffAfterwards() {
            hub.entersLater = true;
            HubConnection connection = connect();
            connection.goAway();
            assertThat(pipe.messages()).containsExactly("{}", COME_BACK);
            assertThat(hub.events).containsExactly("entering", "gone");

            connection.opened();

            assertThat(hub.events).containsExactly("entering", "gone", "opened", "disconnected - false");
        }

        @Test
        void aConnectionThatEndsAndIsThenRefusedWasNeverOpen() {
            hub.entersLater = true;
            HubConnection connection = connect();
            connection.abort();

            connection.refused(new IllegalStateException("too late"));

            assertThat(pipe.messages()).containsExactly("{}", GOODBYE);
            assertThat(hub.events).containsExactly("entering", "gone");
        }

        @Test
        void aConnectionMayEndWhileTheHubAnswersAtOnce() {
            hub.whenEntering = HubConnection::goAway;
            connect();

            assertThat(pipe.messages()).containsExactly("{}", COME_BACK);
            assertThat(hub.events).containsExactly("entering", "opened", "disconnected - false", "gone");
        }
    }

    @Nested
    class TheEnd {

        @Test
        void isAFaultAfterAMalformedMessage() {
            connect();
            pipe.sends("nonsense;;" + invocation("1", "a"));

            assertThat(pipe.messages()).containsExactly("{}", FAULT);
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
            assertThat(hub.events)
                    .containsExactly(
                            "entering",
                            "opened",
                            "disconnected ProtocolException: Error reading JSON. false",
                            "failed ProtocolException",
                            "gone");
        }

        @Test
        void isExplainedWhereThatIsAllowed() {
            options = options.toBuilder().enableDetailedErrors(true).build();
            connect();
            pipe.sends("{\"target\":\"a\",\"arguments\":[]};;");

            assertThat(pipe.messages())
                    .containsExactly(
                            "{}",
                            "{\"type\":7,\"error\":\"Connection closed with an error. InvalidDataException:"
                                    + " Missing required property 'type'.\",\"allowReconnect\":true}");
        }

        @Test
        void isAFaultAfterAMessageThatIsTooLong() {
            options = options.toBuilder().maximumReceiveMessageSize(65).build();
            connect();
            String fits = invocation("1", "a".repeat(2));
            assertThat(fits.length() - 1).isEqualTo(65);
            pipe.sends(fits + fits);
            assertThat(pipe.awaitMessages(3)).contains(completion("1", "aa"));

            pipe.sends(invocation("1", "aaa"));

            pipe.awaitUntil(() -> pipe.messages().contains(FAULT));
            assertThat(hub.events)
                    .contains("disconnected ProtocolException: The maximum message size of 65B was exceeded."
                            + " The message size can be configured in AddHubOptions. false");
        }

        @Test
        void isAFaultOfAClientThatVanishesInTheMiddleOfAMessage() {
            connect();
            pipe.sends("{\"type\":");
            pipe.vanishes();

            assertThat(hub.events)
                    .containsExactly(
                            "entering",
                            "opened",
                            "gone",
                            "disconnected ProtocolException: Connection terminated while reading a message. false");
        }

        @Test
        void isNoFaultOfAClientThatVanishes() {
            connect();
            pipe.vanishes();

            assertThat(hub.events).containsExactly("entering", "opened", "gone", "disconnected - false");
            assertThat(clock.scheduled()).isZero();
            assertThat(shared.connections()).isEmpty();
        }

        @Test
        void isAFaultWhenAnAnswerCannotBeExpressed() {
            HubConnection connection = connect();

            connection.send(new HubMessage.Completion("1", new HubMessage.Outcome.Value(Double.NaN)));

            assertThat(pipe.messages()).containsExactly("{}", FAULT);
            assertThat(hub.events).contains("failed PayloadException");
        }

        @Test
        void isAFaultWhateverThePayloadMapperThrows() {
            HubConnection connection = connect();

            connection.send(new HubMessage.Completion("1", new HubMessage.Outcome.Value(new FakePayload.Explosive())));

            assertThat(pipe.messages()).containsExactly("{}", FAULT);
            assertThat(hub.events).contains("disconnected NoClassDefFoundError: on purpose false");
        }

        @Test
        void isAFaultWhateverReadingThrows() {
            hub.onReceived = "on purpose";
            connect();
            pipe.sends(invocation("1", "a"));

            assertThat(pipe.messages()).containsExactly("{}", FAULT);
        }

        @Test
        void isForGoodWhenTheHubAborts() {
            HubConnection connection = connect();

            connection.abort();
            connection.send(new HubMessage.Completion("1", HubMessage.Outcome.Nothing.NOTHING));

            assertThat(pipe.messages()).containsExactly("{}", GOODBYE);
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
            assertThat(hub.events).containsExactly("entering", "opened", "disconnected - false", "gone");
        }

        @Test
        void isForNowWhenTheServerGoesAway() {
            HubConnection connection = connect();

            connection.goAway();

            assertThat(pipe.messages()).containsExactly("{}", COME_BACK);
            assertThat(pipe.ending()).contains(Pipe.Ending.GOING_AWAY);
            assertThat(hub.events).contains("disconnected - false");
        }

        @Test
        void isAnsweredToAClientThatSaysGoodbye() {
            connect();
            pipe.sends("{\"type\":7,\"allowReconnect\":true};;" + invocation("1", "a"));

            assertThat(pipe.messages()).containsExactly("{}", GOODBYE);
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
            assertThat(hub.events).containsExactly("entering", "opened", "disconnected - true", "gone");
            assertThat(hub.called).isEmpty();
        }

        @Test
        void hasTheReasonThatTheClientGave() {
            connect();
            pipe.sends("{\"type\":7,\"error\":\"bored\"};;");

            assertThat(pipe.messages()).containsExactly("{}", GOODBYE);
            assertThat(hub.events).contains("disconnected HubException: bored true");
        }

        @Test
        void isAnsweredToAClientThatLeavesInTheTransportsOwnWay() {
            pipe = new FakePipe(TransportType.LONG_POLLING);
            connect();

            pipe.leaves();

            assertThat(pipe.messages()).containsExactly("{}", COME_BACK);
            assertThat(hub.events).contains("disconnected - true");
        }

        @Test
        void comesOnce() {
            HubConnection connection = connect();
            connection.abort();
            connection.goAway();
            connection.fail(new IllegalStateException("late"));
            pipe.settle();
            pipe.stall();

            assertThat(pipe.messages()).containsExactly("{}", GOODBYE);
            assertThat(hub.events).containsExactly("entering", "opened", "disconnected - false", "gone");
        }

        @Test
        void isNotOverWhileTheTransportIsNot() {
            pipe.staysOpen();
            HubConnection connection = connect();
            connection.abort();
            assertThat(shared.connections()).containsExactly(connection);

            pipe.vanishes();

            assertThat(shared.connections()).isEmpty();
        }
    }

    @Nested
    class CallsThatWait {

        private final CompletableFuture<Void> slow = new CompletableFuture<>();

        @Test
        void beginBeforeAGoodbyeIsAnswered() {
            connect();
            pipe.sends(invocation("1", "slow") + invocation("2", "b") + "{\"type\":7};;");
            pipe.awaitUntil(() -> hub.called.contains("slow"));
            assertThat(hub.events).containsExactly("entering", "opened");

            slow.complete(null);

            pipe.awaitUntil(() -> hub.events.contains("disconnected - true"));
            pipe.awaitUntil(() -> hub.called.contains("b"));
            assertThat(pipe.messages()).endsWith(GOODBYE);
        }

        @Test
        void areNotWaitedForOnceTheyHaveBegun() {
            connect();
            pipe.sends(invocation("1", "slow"));
            pipe.awaitUntil(() -> hub.called.contains("slow"));
            pipe.sends("{\"type\":7};;");

            assertThat(pipe.messages()).containsExactly("{}", GOODBYE);
        }

        @Test
        void beginAlthoughTheirClientHasVanished() {
            connect();
            pipe.sends(invocation("1", "slow") + invocation("2", "b"));
            pipe.awaitUntil(() -> hub.called.contains("slow"));
            pipe.vanishes();
            assertThat(hub.events).containsExactly("entering", "opened", "gone");

            slow.complete(null);

            pipe.awaitUntil(() -> hub.events.contains("disconnected - false"));
            pipe.awaitUntil(() -> hub.called.contains("b"));
            pipe.awaitUntil(() -> shared.connections().isEmpty());
        }

        @Test
        void areReadToTheEndAlthoughTheirClientHasVanishedAndTheMailboxIsFull() {
            transport = transport.toBuilder().applicationMaxBufferSize(100).build();
            connect();
            var calls = new StringBuilder(invocation("0", "slow"));
            for (int i = 1; i <= 20; i++) {
                calls.append(invocation("" + i, "" + i));
            }
            pipe.sends(calls.toString());
            assertThat(pipe.isPaused()).isTrue();
            pipe.vanishes();

            slow.complete(null);

            pipe.awaitUntil(() -> hub.called.size() == 21);
            pipe.awaitUntil(() -> hub.events.contains("disconnected - false"));
        }

        @Test
        void beginBeforeAClientThatLeftIsSeenOffAsOneThatDid() {
            transport = transport.toBuilder().applicationMaxBufferSize(100).build();
            connect();
            pipe.sends(invocation("1", "slow") + invocation("2", "b") + invocation("3", "c") + invocation("4", "d"));
            assertThat(pipe.isPaused()).isTrue();
            pipe.leaves();
            pipe.vanishes();
            assertThat(hub.events).containsExactly("entering", "opened", "gone");

            slow.complete(null);

            pipe.awaitUntil(() -> hub.events.contains("disconnected - true"));
            pipe.awaitUntil(() -> hub.called.size() == 4);
        }

        @Test
        void areForgottenWhenTheServerEndsTheConnection() {
            HubConnection connection = connect();
            pipe.sends(invocation("1", "slow") + invocation("2", "b"));
            pipe.awaitUntil(() -> hub.called.contains("slow"));

            connection.abort();
            slow.complete(null);

            assertThat(connection.windDown().toCompletableFuture()).isDone();
            assertThat(hub.called).containsExactly("slow");
        }

        @Test
        void mayEndWhenTheServerWindsDown() {
            HubConnection connection = connect();
            pipe.sends(invocation("1", "slow") + invocation("2", "b"));
            pipe.awaitUntil(() -> hub.called.contains("slow"));

            var down = connection.windDown().toCompletableFuture();
            pipe.sends(invocation("3", "late"));
            assertThat(down).isNotDone();
            slow.complete(null);

            pipe.awaitUntil(down::isDone);
            assertThat(hub.called).containsExactly("slow", "b");
            assertThat(pipe.awaitMessages(3)).containsExactly("{}", completion("1", "slow"), completion("2", "b"));
        }

        CallsThatWait() {
            hub.slow = slow;
        }
    }

    @Nested
    class AFullMailbox {

        private final CompletableFuture<Void> slow = new CompletableFuture<>();

        AFullMailbox() {
            hub.slow = slow;
            transport = transport.toBuilder().applicationMaxBufferSize(100).build();
        }

        @Test
        void stopsTheReaderUntilHalfOfItIsFree() {
            connect();
            pipe.sends(invocation("1", "slow"));
            pipe.awaitUntil(() -> hub.called.contains("slow"));
            pipe.sends(invocation("2", "b"));
            assertThat(pipe.isPaused()).isFalse();
            pipe.sends(invocation("3", "c") + invocation("4", "d"));
            assertThat(pipe.isPaused()).isTrue();

            slow.complete(null);

            assertThat(pipe.awaitMessages(5))
                    .containsExactly(
                            "{}",
                            completion("1", "slow"),
                            completion("2", "b"),
                            completion("3", "c"),
                            completion("4", "d"));
            assertThat(pipe.isPaused()).isFalse();
        }

        @Test
        void stopsTheClockOfAClientThatWouldPing() {
            connect();
            pipe.sends("{\"type\":6};;");
            pipe.sends(invocation("1", "slow") + invocation("2", "b") + invocation("3", "c"));
            pipe.awaitUntil(() -> hub.called.contains("slow"));
            pipe.awaitUntil(pipe::isPaused);

            clock.advance(Duration.ofMinutes(5));
            assertThat(hub.events).containsExactly("entering", "opened");

            slow.complete(null);
            pipe.awaitUntil(() -> !pipe.isPaused());
            clock.advance(Duration.ofSeconds(29));
            assertThat(hub.events).containsExactly("entering", "opened");
            clock.advance(Duration.ofSeconds(1));
            assertThat(hub.events).contains("failed CancellationException");
        }

        @Test
        void letsNothingMoreInWhenTheConnectionEnds() {
            HubConnection connection = connect();
            pipe.sends(invocation("1", "slow") + invocation("2", "b") + invocation("3", "c") + "nonsense;;");
            pipe.awaitUntil(() -> hub.called.contains("slow"));

            connection.goAway();
            slow.complete(null);

            assertThat(connection.windDown().toCompletableFuture()).isDone();
            assertThat(hub.called).containsExactly("slow");
            assertThat(pipe.messages()).containsExactly("{}", COME_BACK);
        }
    }

    @Nested
    class AClientThatDoesNotRead {

        @Test
        void isDroppedWhenTooMuchWaits() {
            transport = transport.toBuilder()
                    .transportMaxBufferSize(100)
                    .maximumOutboxSize(200)
                    .build();
            HubConnection connection = connect();
            pipe.holdsWrites();
            for (int i = 0; i < 5; i++) {
                connection.send(new HubMessage.Invocation("news", List.of(i)));
            }

            assertThat(pipe.isAborted()).isTrue();
            assertThat(hub.events).contains("disconnected - false").anyMatch(event -> event.startsWith("dropped 2"));
            assertThat(hub.events)
                    .filteredOn(event -> event.startsWith("dropped"))
                    .hasSize(1);
            assertThat(shared.connections()).isEmpty();
        }

        @Test
        void isDroppedWhenAWriteTakesTooLong() {
            HubConnection connection = connect();
            pipe.holdsWrites();
            connection.send(new HubMessage.Invocation("news", List.of()));
            assertThat(pipe.units()).hasSize(2);

            pipe.stall();

            assertThat(pipe.isAborted()).isTrue();
            assertThat(hub.events).containsExactly("entering", "opened", "disconnected - false", "dropped 42", "gone");
        }

        @Test
        void isCutWithoutMuchAdoWhenItsGoodbyeTakesTooLong() {
            HubConnection connection = connect();
            pipe.holdsWrites();
            connection.abort();
            assertThat(pipe.messages()).containsExactly("{}", GOODBYE);

            pipe.stall();

            assertThat(pipe.isAborted()).isTrue();
            assertThat(hub.events).containsExactly("entering", "opened", "disconnected - false", "gone");
        }

        @Test
        void stillGetsItsGoodbyeBehindEverythingElse() {
            transport = transport.toBuilder()
                    .transportMaxBufferSize(50)
                    .maximumOutboxSize(50)
                    .build();
            HubConnection connection = connect();
            pipe.holdsWrites();
            connection.send(new HubMessage.Invocation("news", List.of(1234567)));
            connection.goAway();
            assertThat(pipe.isAborted()).isFalse();

            pipe.endWrite(true);

            assertThat(pipe.messages()).endsWith(COME_BACK);
        }

        @Test
        void leavesNothingBehindInMemory() {
            HubConnection connection = connect();
            pipe.holdsWrites();
            connection.send(new HubMessage.Invocation("news", List.of()));
            pipe.vanishes();

            assertThat(connection.outbox().waitingBytes()).isZero();
        }
    }

    @Nested
    class SignsOfLife {

        @Test
        void areSentWhateverElseIsSent() {
            HubConnection connection = connect();
            clock.advance(Duration.ofSeconds(14));
            connection.send(new HubMessage.Invocation("news", List.of()));
            assertThat(pipe.messages()).hasSize(2);

            clock.advance(Duration.ofSeconds(1));
            assertThat(pipe.messages()).hasSize(3).endsWith("{\"type\":6}");

            for (int count = 4; count <= 6; count++) {
                clock.advance(Duration.ofSeconds(15));
                assertThat(pipe.messages()).hasSize(count);
            }
            assertThat(clock.scheduled()).isEqualTo(1);
        }

        @Test
        void areNotAddedToWhatWaits() {
            connect();
            pipe.holdsWrites();

            clock.advance(Duration.ofSeconds(60));
            pipe.takesWrites();

            assertThat(pipe.messages()).containsExactly("{}", "{\"type\":6}");
        }

        @Test
        void areNeitherSentNorExpectedOverLongPolling() {
            pipe = new FakePipe(TransportType.LONG_POLLING);
            connect();
            pipe.sends("{\"type\":6};;");

            clock.advance(Duration.ofHours(1));

            assertThat(pipe.messages()).containsExactly("{}");
            assertThat(hub.events).containsExactly("entering", "opened");
            assertThat(clock.scheduled()).isZero();
        }

        @Test
        void areNotExpectedOfAClientThatNeverPinged() {
            connect();
            pipe.sends(invocation("1", "a"));

            clock.advance(Duration.ofHours(1));

            assertThat(hub.events).containsExactly("entering", "opened");
        }

        @Test
        void areMissedOfAClientThatPingedOnce() {
            connect();
            clock.advance(Duration.ofSeconds(100));
            pipe.sends("{\"type\":6};;");
            clock.advance(Duration.ofSeconds(29));
            assertThat(hub.events).containsExactly("entering", "opened");

            clock.advance(Duration.ofSeconds(1));

            assertThat(pipe.messages()).endsWith(FAULT);
            assertThat(hub.events)
                    .contains("disconnected CancellationException:"
                            + " Client hasn't sent a message/ping within the configured ClientTimeoutInterval. false");
            assertThat(clock.scheduled()).isZero();
        }

        @Test
        void areMissedInTimeWhenTheServerPingsRarely() {
            options = options.toBuilder()
                    .keepAliveInterval(Duration.ofMinutes(10))
                    .clientTimeoutInterval(Duration.ofSeconds(7))
                    .build();
            connect();
            clock.advance(Duration.ofSeconds(3));
            pipe.sends("{\"type\":6};;");
            clock.advance(Duration.ofSeconds(5));
            pipe.sends("{\"type\":6};;");
            clock.advance(Duration.ofMillis(6_999));
            assertThat(hub.events).containsExactly("entering", "opened");

            clock.advance(Duration.ofMillis(1));

            assertThat(hub.events).contains("failed CancellationException");
        }

        @Test
        void areGivenByAnythingThatTheClientSends() {
            connect();
            pipe.sends("{\"type\":6};;");
            for (int i = 0; i < 10; i++) {
                clock.advance(Duration.ofSeconds(29));
                pipe.sends(invocation("" + i, "a"));
            }

            assertThat(hub.events).containsExactly("entering", "opened");
        }

        @Test
        void mayBeAsFarApartAsADurationSays() {
            options = options.toBuilder()
                    .keepAliveInterval(Duration.ofSeconds(Long.MAX_VALUE))
                    .clientTimeoutInterval(Duration.ofSeconds(Long.MAX_VALUE))
                    .build();
            connect();
            pipe.sends("{\"type\":6};;");

            clock.advance(Duration.ofDays(365));

            assertThat(pipe.messages()).containsExactly("{}");
            assertThat(hub.events).containsExactly("entering", "opened");
        }
    }

    @Nested
    class TheServersOwnEnd {

        @Test
        void hasComeWhenThereIsNoConnectionLeft() {
            HubConnection connection = connect();
            var empty = shared.whenEmpty().toCompletableFuture();
            assertThat(empty).isNotDone();

            connection.goAway();
            pipe.settle();

            assertThat(empty).succeedsWithin(Duration.ofSeconds(10));
        }

        @Test
        void waitsForTheErrandsOfHubs() {
            var errand = new CompletableFuture<Void>();
            HubConnection connection = connect();
            connection.errand(errand::join);
            connection.goAway();
            pipe.settle();
            var empty = shared.whenEmpty().toCompletableFuture();
            assertThat(empty).isNotDone();

            errand.complete(null);

            pipe.awaitUntil(empty::isDone);
        }

        @Test
        void sendsThoseAwayWhoComeTooLate() {
            assertThat(shared.whenEmpty()).succeedsWithin(Duration.ofSeconds(10));

            open();

            assertThat(pipe.ending()).contains(Pipe.Ending.GOING_AWAY);
            assertThat(shared.connections()).isEmpty();
        }
    }

    @Nested
    class UnderStress {

        @Test
        void everyCallOfAClientThatVanishesBeginsInOrderAndThenItIsSeenOff() {
            int calls = 40;
            transport = transport.toBuilder().applicationMaxBufferSize(200).build();
            var expected = new ArrayList<String>();
            var sent = new StringBuilder();
            for (int i = 0; i < calls; i++) {
                expected.add("" + i);
                sent.append(invocation("" + i, "" + i));
            }
            String all = sent.toString();
            var random = new Random(5);
            for (int round = 0; round < 100; round++) {
                var one = new FakeHub();
                pipe = new FakePipe();
                var connection = open(one);
                int cut = all.indexOf(";;", random.nextInt(all.length() - 2)) + 2;
                pipe.sends(HANDSHAKE + all.substring(0, cut));
                pipe.awaitUntil(() -> !pipe.isPaused());
                pipe.sends(all.substring(cut));
                if (random.nextBoolean()) {
                    pipe.sends("{\"type\":7};;");
                }
                pipe.vanishes();

                pipe.awaitUntil(() -> shared.connections().isEmpty());
                pipe.awaitUntil(() -> one.called.size() == calls);
                assertThat(one.called).containsExactlyElementsOf(expected);
                assertThat(one.events)
                        .filteredOn(event -> event.startsWith("disconnected"))
                        .hasSize(1);
                assertThat(connection.isEnded()).isTrue();
            }
        }
    }

    @Nested
    @Timeout(20)
    class AClientThatMayComeBack {

        private static final String VERSION_2 = "{\"protocol\":\"json\",\"version\":2};;";

        @BeforeEach
        void isPromisedIt() {
            pipe.stateful();
        }

        @Test
        void isToldASecondLaterWhatHasArrived() {
            agree();
            pipe.sends(invocation("1", "a") + invocation("2", "b"));
            pipe.awaitMessages(3);
            assertThat(clock.scheduled()).isEqualTo(2);

            clock.advance(Duration.ofSeconds(1));

            assertThat(pipe.messages()).endsWith(ack(2)).hasSize(4);
            assertThat(clock.scheduled()).isEqualTo(1);
            clock.advance(Duration.ofSeconds(5));
            assertThat(pipe.messages()).hasSize(4);
        }

        @Test
        void isAskedNoAcknowledgementsOfPingsAndTheLike() {
            agree();
            pipe.sends("{\"type\":6};;" + ack(1) + ";;{\"type\":77};;");

            clock.advance(Duration.ofSeconds(2));

            assertThat(pipe.messages()).containsExactly("{}");
        }

        @Test
        void getsAgainWhatItHasNotAcknowledged() {
            agree();
            pipe.sends(invocation("1", "a") + invocation("2", "b"));
            pipe.awaitMessages(3);
            pipe.sends(ack(1) + ";;");

            pipe.losesItsSocket();
            pipe.comesBack();

            assertThat(pipe.messages()).containsExactly(sequence(2), completion("2", "b"));
            assertThat(hub.events).containsExactly("entering", "opened");
        }

        @Test
        void saysTwiceWhatIsHeardOnceAndToldToHaveArrived() {
            agree();
            pipe.sends(invocation("1", "a") + invocation("2", "b"));
            pipe.awaitMessages(3);
            pipe.losesItsSocket();
            clock.advance(Duration.ofSeconds(2));
            pipe.comesBack();

            pipe.sends(sequence(1) + ";;" + invocation("1", "a") + invocation("2", "b") + invocation("3", "c"));
            pipe.awaitMessages(4);
            clock.advance(Duration.ofSeconds(1));

            assertThat(hub.called).containsExactly("a", "b", "c");
            assertThat(pipe.messages())
                    .containsExactly(
                            sequence(1), completion("1", "a"), completion("2", "b"), completion("3", "c"), ack(3));
        }

        @Test
        void isHeardInTheMiddleOfAMessageOfWhichTheRestIsLost() {
            agree();
            pipe.sends(invocation("1", "a").substring(0, 20));
            pipe.losesItsSocket();
            pipe.comesBack();

            pipe.sends(sequence(1) + ";;" + invocation("1", "a"));

            assertThat(pipe.awaitMessages(2)).endsWith(completion("1", "a"));
        }

        @Test
        void leavesInPeaceThoughItsLastWordsWereCutOff() {
            agree();
            pipe.sends(invocation("1", "a").substring(0, 20));
            pipe.losesItsSocket();
            pipe.vanishes();

            pipe.awaitUntil(() -> hub.events.contains("disconnected - false"));
        }

        @Test
        void mayNotLeaveMessagesOut() {
            options = HubOptions.builder().enableDetailedErrors(true).build();
            agree();
            pipe.sends(invocation("1", "a"));
            pipe.awaitMessages(2);
            pipe.sends(sequence(3) + ";;");

            assertThat(pipe.messages())
                    .endsWith("{\"type\":7,\"error\":\"Connection closed with an error. InvalidOperationException:"
                            + " Sequence ID greater than amount of messages we've received.\","
                            + "\"allowReconnect\":true}");
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
        }

        @ParameterizedTest
        @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
        void mayAcknowledgeWhatItLikes(long number) {
            agree();
            pipe.sends(invocation("1", "a"));
            pipe.awaitMessages(2);
            pipe.sends("{\"type\":8,\"sequenceId\":" + number + "};;" + invocation("2", "b"));

            assertThat(pipe.awaitMessages(3)).endsWith(completion("2", "b"));
        }

        @ParameterizedTest
        @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
        void isNotHeardWhileItCountsFromBelowWhatWasHeard(long number) {
            agree();
            pipe.sends("{\"type\":9,\"sequenceId\":" + number + "};;" + invocation("1", "a"));
            pipe.sends("{\"type\":9,\"sequenceId\":1};;" + invocation("1", "b"));

            pipe.awaitMessages(2);
            assertThat(hub.called).containsExactly("b");
            assertThat(hub.events).doesNotContain("failed ProtocolException");
        }

        @Test
        void isNeitherPingedNorTimedOutWhileItIsAway() {
            agree();
            pipe.sends("{\"type\":6};;");
            pipe.losesItsSocket();
            for (int i = 0; i < 20; i++) {
                clock.advance(Duration.ofSeconds(10));
            }
            pipe.comesBack();
            assertThat(pipe.messages()).containsExactly(sequence(1));

            clock.advance(Duration.ofSeconds(16));
            assertThat(pipe.messages()).containsExactly(sequence(1), "{\"type\":6}");
            clock.advance(Duration.ofSeconds(20));
            assertThat(pipe.messages()).anyMatch(last -> last.startsWith("{\"type\":7"));
        }

        @Test
        void gainsNothingByItWithAnOlderVersion() {
            connect();
            pipe.sends(invocation("1", "a") + ack(1) + ";;" + sequence(7) + ";;" + invocation("2", "b"));
            pipe.awaitMessages(3);
            clock.advance(Duration.ofSeconds(2));
            assertThat(pipe.messages()).containsExactly("{}", completion("1", "a"), completion("2", "b"));

            pipe.losesItsSocket();

            pipe.awaitUntil(() -> hub.events.contains("disconnected - false"));
        }

        @Test
        void makesSendersWaitFiveSecondsForItsAcknowledgement() {
            options = HubOptions.builder().statefulReconnectBufferSize(50).build();
            HubConnection connection = agree();
            connection.send(new HubMessage.Invocation("x".repeat(50), List.of()));
            pipe.settle();
            var first = connection.outbox().roomToSend().toCompletableFuture();
            var second = connection.outbox().roomToSend().toCompletableFuture();
            clock.advance(Duration.ofSeconds(4));
            assertThat(first).isNotDone();

            clock.advance(Duration.ofSeconds(1));
            first.join();
            second.join();
            var third = connection.outbox().roomToSend().toCompletableFuture();
            pipe.sends(ack(1) + ";;");
            third.join();
            pipe.awaitUntil(() -> clock.scheduled() == 1);
        }

        @Test
        void isToldWhyItHasToGoWhenItAcknowledgesNothing() {
            options = HubOptions.builder().statefulReconnectBufferSize(50).build();
            transport = TransportOptions.builder()
                    .transportMaxBufferSize(100)
                    .maximumOutboxSize(200)
                    .build();
            HubConnection connection = agree();
            for (int i = 0; i < 10; i++) {
                connection.send(new HubMessage.Invocation("x".repeat(50), List.of()));
                pipe.settle();
            }

            assertThat(pipe.messages()).endsWith(FAULT);
            assertThat(pipe.ending()).contains(Pipe.Ending.NORMAL);
            assertThat(hub.events).contains("disconnected - false").anyMatch(event -> event.startsWith("dropped"));
        }

        private HubConnection agree() {
            HubConnection connection = open();
            pipe.sends(VERSION_2);
            return connection;
        }

        private static String sequence(long number) {
            return "{\"type\":9,\"sequenceId\":" + number + "}";
        }

        private static String ack(long number) {
            return "{\"type\":8,\"sequenceId\":" + number + "}";
        }
    }

    private HubConnection open() {
        return open(hub);
    }

    private HubConnection open(FakeHub served) {
        var settings = HubConnection.Settings.of(
                shared, options, transport, List.of(new JsonHubProtocol(new FakePayload()), new Binary()));
        return pipe.open(opened -> new HubConnection(opened, settings, served::of));
    }

    private HubConnection connect() {
        HubConnection connection = open();
        pipe.sends(HANDSHAKE);
        return connection;
    }

    private static String invocation(String id, String text) {
        return "{\"type\":1,\"invocationId\":\"" + id + "\",\"target\":\"Echo\",\"arguments\":[\"" + text + "\"]};;";
    }

    private static String completion(String id, String text) {
        return "{\"type\":3,\"invocationId\":\"" + id + "\",\"result\":\"" + text + "\"}";
    }

    /** A hub with one method: gives back what it gets, and takes its time over the word {@code slow}. */
    private static final class FakeHub implements HubConnection.Listener, InvocationBinder {

        private final List<String> events = new CopyOnWriteArrayList<>();
        private final List<String> called = new CopyOnWriteArrayList<>();
        private boolean entersLater;
        private volatile boolean full;
        private @Nullable RuntimeException entersNever;
        private @Nullable String onReceived;
        private Consumer<HubConnection> whenEntering = connection -> {};
        private CompletableFuture<Void> slow = CompletableFuture.completedFuture(null);
        private @Nullable HubConnection connection;

        HubConnection.Listener of(HubConnection served) {
            connection = served;
            return this;
        }

        private HubConnection connection() {
            return Objects.requireNonNull(connection);
        }

        @Override
        public InvocationBinder binder() {
            return this;
        }

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public CompletionStage<Void> windDown() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public boolean entering() {
            events.add("entering");
            if (entersNever != null) {
                throw entersNever;
            }
            whenEntering.accept(connection());
            return !entersLater;
        }

        @Override
        public void received(HubMessage message, int bytes) {
            if (onReceived != null) {
                throw new IllegalStateException(onReceived);
            }
            if (!(message instanceof HubMessage.Invocation invocation)) {
                return;
            }
            connection()
                    .mailbox()
                    .offer(
                            new Mailbox.Call(bytes) {
                                @Override
                                protected @Nullable CompletionStage<?> run() {
                                    String text =
                                            (String) invocation.arguments().getFirst();
                                    called.add(Objects.requireNonNull(text));
                                    if (text.equals("slow")) {
                                        return slow.thenRun(() -> answer(invocation, text));
                                    }
                                    answer(invocation, text);
                                    return null;
                                }
                            },
                            false);
        }

        private void answer(HubMessage.Invocation invocation, String text) {
            connection()
                    .send(new HubMessage.Completion(
                            Objects.requireNonNull(invocation.invocationId()), new HubMessage.Outcome.Value(text)));
        }

        @Override
        public void opened() {
            events.add("opened");
        }

        @Override
        public void disconnected(Departure departure) {
            String error = departure
                    .error()
                    .map(why -> why.getClass().getSimpleName() + ": " + why.getMessage())
                    .orElse("-");
            events.add("disconnected " + error + " " + departure.stopCalled());
        }

        @Override
        public void gone() {
            events.add("gone");
        }

        @Override
        public void discarded(String method, int count) {
            events.add("discarded " + count + " " + method);
        }

        @Override
        public void failed(Throwable why) {
            events.add("failed " + why.getClass().getSimpleName());
        }

        @Override
        public void dropped(long bytes) {
            events.add("dropped " + bytes);
        }

        @Override
        public Optional<Target> target(String name) {
            return Optional.of(new Target() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public List<Type> parameterTypes() {
                    return List.of(String.class);
                }
            });
        }

        @Override
        public Optional<Type> itemType(String invocationId) {
            return Optional.empty();
        }

        @Override
        public Optional<Type> resultType(String invocationId) {
            return Optional.empty();
        }
    }

    /** JSON, said to be binary. */
    private static final class Binary implements HubProtocol {

        private final HubProtocol json = new JsonHubProtocol(new FakePayload());

        @Override
        public String name() {
            return "binary";
        }

        @Override
        public boolean supports(int version) {
            return json.supports(version);
        }

        @Override
        public TransferFormat transferFormat() {
            return TransferFormat.BINARY;
        }

        @Override
        public Framing framing() {
            return json.framing();
        }

        @Override
        public HubMessage read(ByteBuffer frame, InvocationBinder binder) {
            return json.read(frame, binder);
        }

        @Override
        public ByteBuffer write(HubMessage message) {
            return json.write(message);
        }
    }
}
