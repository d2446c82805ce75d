package io.hubwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.BindingException.Kind;
import io.hubwire.protocol.HubMessage.Ack;
import io.hubwire.protocol.HubMessage.BindingFailure;
import io.hubwire.protocol.HubMessage.CancelInvocation;
import io.hubwire.protocol.HubMessage.Close;
import io.hubwire.protocol.HubMessage.Completion;
import io.hubwire.protocol.HubMessage.CompletionBindingFailure;
import io.hubwire.protocol.HubMessage.Invocation;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.protocol.HubMessage.Ping;
import io.hubwire.protocol.HubMessage.Sequence;
import io.hubwire.protocol.HubMessage.StreamBindingFailure;
import io.hubwire.protocol.HubMessage.StreamInvocation;
import io.hubwire.protocol.HubMessage.StreamItem;
import io.hubwire.protocol.HubMessage.Unknown;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every dialect does, whatever its bytes. */
public abstract class HubProtocolContract {

    private HubProtocol protocol;

    private final Methods methods = new Methods()
                    .method("Echo", String.class)
                    .method("Add", int.class, int.class)
                    .method("Nothing")
                    .method("Any", Object.class)
                    .method("S", int.class)
                    .method(
                            "Scalars",
                            String.class,
                            boolean.class,
                            byte.class,
                            short.class,
                            int.class,
                            long.class,
                            float.class,
                            double.class,
                            char.class)
                    .stream("3", Integer.class)
                    .stream("7", Double.class)
                    .call("s1", Integer.class)
                    .call("8", Object.class);

    /** For the tests of one dialect. */
    protected HubProtocolContract() {}

    @BeforeEach
    void makeTheDialect() {
        protocol = protocol(mapper());
    }

    /** Makes the dialect. */
    protected abstract HubProtocol protocol(PayloadMapper mapper);

    /** Makes a mapper of maps, lists and scalars. */
    protected abstract PayloadMapper mapper();

    @Test
    void supportsVersionsUpToTwo() {
        assertThat(List.of(-1, 0, 1, 2)).allMatch(protocol::supports);
        assertThat(protocol.supports(3)).isFalse();
    }

    @Nested
    class Messages {

        @Test
        void comeBackAsTheyWere() {
            for (var message : List.of(
                    new Invocation("1", "Any", List.of("x\"y"), List.of("2", "ü"), Map.of("a", "ü", "b", "")),
                    new Invocation("Nothing", List.of()),
                    new StreamInvocation("1", "Add", List.of(5, -5)),
                    new StreamInvocation("1", "S", List.of(5), List.of("7"), Map.of("a", "b")),
                    new StreamItem("7", 1.5),
                    new Completion("8", new Outcome.Value(Map.of("a", List.of(1, "x")))),
                    new Completion("8", new Outcome.Value(null)),
                    new Completion("8", new Outcome.Failure("\u001E")),
                    new Completion("8", Outcome.Nothing.NOTHING),
                    new CancelInvocation("€"),
                    Ping.PING,
                    new Close(null, false),
                    new Close(null, true),
                    new Close("x", true),
                    new Ack(0),
                    new Ack(300),
                    new Sequence(Long.MIN_VALUE),
                    new Sequence(Long.MAX_VALUE))) {
                assertThat(again(message)).isEqualTo(message);
            }
        }

        @Test
        void comeBackWhereverTheyLie() {
            var message = new Invocation("1", "Echo", List.of("zü€😀"));
            var frame = content(message);
            var piece = ByteBuffer.allocate(frame.remaining() + 9).position(4);
            piece.put(frame.duplicate()).flip().position(4);
            var direct = ByteBuffer.allocateDirect(frame.remaining())
                    .put(frame.duplicate())
                    .flip();

            assertThat(protocol.read(piece, methods)).isEqualTo(message);
            assertThat(protocol.read(piece.slice(), methods)).isEqualTo(message);
            assertThat(protocol.read(direct, methods)).isEqualTo(message);
            assertThat(protocol.read(frame.asReadOnlyBuffer(), methods)).isEqualTo(message);
        }

        @Test
        void thatWereReadOnlyAreRefused() {
            var cause = BindingException.unknownTarget();
            for (var message : List.of(
                    new BindingFailure("1", "x", false, cause),
                    new StreamBindingFailure("1", cause),
                    new CompletionBindingFailure("1", cause),
                    new Unknown(10))) {
                assertThatThrownBy(() -> protocol.write(message)).isInstanceOf(IllegalArgumentException.class);
            }
        }

        @Test
        void areInArraysOfTheCallersOwn() {
            var ping = protocol.write(Ping.PING);
            ping.put(ping.position(), (byte) 'x');

            assertThat(again(Ping.PING)).isSameAs(Ping.PING);
            assertThat(protocol.write(Ping.PING).hasArray()).isTrue();
            assertThat(protocol.write(new Close(null, false)).hasArray()).isTrue();
        }

        @Test
        void areCutApartHoweverTheyArrive() {
            var messages =
                    List.of(Ping.PING, new Invocation("1", "Echo", List.of("x".repeat(300))), new Ack(5), Ping.PING);
            var stream = ByteBuffer.allocate(1_000);
            messages.forEach(message -> stream.put(protocol.write(message)));
            stream.flip();
            for (int size = 1; size < stream.limit(); size++) {
                var found = new ArrayList<HubMessage>();
                var reader = new FrameReader(protocol.framing(), 400);
                for (int at = 0; at < stream.limit(); at += size) {
                    reader.read(
                            stream.duplicate().position(at).limit(Math.min(stream.limit(), at + size)),
                            frame -> found.add(protocol.read(frame, methods)));
                }
                assertThat(found).isEqualTo(messages);
            }
        }
    }

    @Nested
    class Values {

        @Test
        void comeBackIfScalar() {
            comeBack(values(
                    "", true, Byte.MIN_VALUE, Short.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, 0.1f, 1e300, '€'));
            comeBack(values(
                    null,
                    false,
                    Byte.MAX_VALUE,
                    Short.MIN_VALUE,
                    Integer.MAX_VALUE,
                    Long.MIN_VALUE,
                    Float.MIN_VALUE,
                    Double.MIN_VALUE,
                    'x'));
            comeBack(values("x".repeat(70_000), false, (byte) 0, (short) 128, 65_536, 1L << 32, 0f, -0.0, '0'));
        }

        private void comeBack(List<@Nullable Object> arguments) {
            var call = new Invocation("Scalars", arguments);

            assertThat(again(call)).isEqualTo(call);
        }

        @Test
        void mayBeAnyText() {
            for (var text : List.of("?", "zü€😀?", "x".repeat(50) + "?\u001E?" + "ü".repeat(50), "\u0000\"\\\u007F")) {
                assertThat(again(new Invocation("Echo", List.of(text))))
                        .isEqualTo(new Invocation("Echo", List.of(text)));
            }
        }

        @Test
        void areWrittenWithoutHalvesOfCharacters() {
            assertThat(again(new Invocation("Echo", List.of("a\uD83D?"))))
                    .isEqualTo(new Invocation("Echo", List.of("a\uFFFD?")));
            assertThat(again(new Invocation("Echo", List.of("\uDE00 and much that follows it 😀"))))
                    .isEqualTo(new Invocation("Echo", List.of("\uFFFD and much that follows it 😀")));
        }

        @Test
        void cannotBeChanged() {
            var call = (Invocation) again(new Invocation(null, "Add", List.of(1, 2), List.of("1"), Map.of("a", "b")));

            assertThatThrownBy(() -> call.arguments().set(0, 5)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> call.arguments().clear()).isInstanceOf(UnsupportedOperationException.class);
            assertThat(call.streamIds()).isUnmodifiable();
            assertThat(call.headers()).isUnmodifiable();
            assertThat(call.arguments().toArray()).containsExactly(1, 2);
            assertThat(call.arguments()).hasToString("[1, 2]");
        }

        @Test
        void ofUnknownStreamsAndCallsAreSkipped() {
            assertThat(again(new StreamItem("9", Map.of("a", 1)))).isEqualTo(new StreamItem("9", null));
            assertThat(again(new Completion("9", new Outcome.Value(List.of(1)))))
                    .isEqualTo(new Completion("9", new Outcome.Value(null)));
        }

        @Test
        void failToBeWrittenAsTheirMapperDoes() {
            assertThatThrownBy(() -> failing(new PayloadException("no")).write(new StreamItem("1", List.of())))
                    .isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> failing(new IllegalStateException("no")).write(new StreamItem("1", List.of())))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class Targets {

        @Test
        void areToldApartThoughTheirNamesHaveTheSameHash() {
            methods.method("AaAa")
                    .method("BBBB")
                    .method("AaBB")
                    .method("Ünïcode")
                    .method("x".repeat(60));
            for (int round = 0; round < 3; round++) {
                for (var name : List.of("AaAa", "BBBB", "AaBB", "Ünïcode", "x".repeat(60), "Nothing")) {
                    assertThat(again(new Invocation(name, List.of()))).isEqualTo(new Invocation(name, List.of()));
                }
            }
        }

        @Test
        void areSpelledAsDeclared() {
            assertThat(again(new Invocation("nOTHING", List.of()))).isEqualTo(new Invocation("Nothing", List.of()));
        }
    }

    @Nested
    class WhatDoesNotBind {

        @Test
        void isAMethodThatDoesNotExist() {
            assertUnknown(values());
            assertUnknown(values(1, Map.of(), "x"));
        }

        private void assertUnknown(List<@Nullable Object> arguments) {
            var failure = failure(new Invocation("1", "NoSuch", arguments));

            assertThat(failure.invocationId()).isEqualTo("1");
            assertThat(failure.target()).isEqualTo("NoSuch");
            assertThat(failure.streaming()).isFalse();
            assertThat(failure.cause().kind()).isEqualTo(Kind.UNKNOWN_TARGET);
            assertThat(failure.cause()).hasMessage("Method does not exist.");
        }

        @Test
        void isTheNumberOfArguments() {
            for (int provided : List.of(0, 1, 3, 20)) {
                var failure = failure(new Invocation("aDD", Collections.nCopies(provided, 1)));

                assertThat(failure.invocationId()).isNull();
                assertThat(failure.target()).isEqualTo("Add");
                assertThat(failure.cause().kind()).isEqualTo(Kind.WRONG_COUNT);
                assertThat(failure.cause())
                        .hasMessage("Invocation provides " + provided + " argument(s) but target expects 2.");
            }
        }

        @Test
        void isAnArgument() {
            for (var argument : values("1", 1.5, null, 3_000_000_000L, List.of(2), true, Map.of("a", 1))) {
                assertUnfit(values(argument, 2));
                assertUnfit(values(2, argument));
            }
        }

        private void assertUnfit(List<@Nullable Object> arguments) {
            var failure = failure(new Invocation("1", "add", arguments));

            assertThat(failure.invocationId()).isEqualTo("1");
            assertThat(failure.target()).isEqualTo("Add");
            assertThat(failure.cause().kind()).isEqualTo(Kind.CONVERSION);
            assertThat(failure.cause())
                    .hasMessage("Error binding arguments. Make sure that the types of the provided values match"
                            + " the types of the hub method being invoked.")
                    .hasCauseInstanceOf(PayloadException.class);
        }

        @Test
        void failsAStreamInvocation() {
            var failure = failure(new StreamInvocation("1", "s", List.of("x")));

            assertThat(failure.target()).isEqualTo("S");
            assertThat(failure.streaming()).isTrue();
            assertThat(failure(new StreamInvocation("1", "T", List.of())).streaming())
                    .isTrue();
        }

        @Test
        void failsAStream() {
            assertThat(again(new StreamItem("3", "x"))).isInstanceOfSatisfying(StreamBindingFailure.class, failure -> {
                assertThat(failure.invocationId()).isEqualTo("3");
                assertThat(failure.cause().kind()).isEqualTo(Kind.CONVERSION);
            });
        }

        @Test
        void failsAResult() {
            assertThat(again(new Completion("s1", new Outcome.Value("x"))))
                    .isInstanceOfSatisfying(CompletionBindingFailure.class, failure -> {
                        assertThat(failure.invocationId()).isEqualTo("s1");
                        assertThat(failure.cause().kind()).isEqualTo(Kind.CONVERSION);
                    });
        }

        @Test
        void failsWhateverAMapperThrows() {
            var call = content(new Invocation("Any", List.of(Map.of("a", 1))));

            assertThat(failing(new IllegalStateException("moody")).read(call, methods))
                    .isInstanceOfSatisfying(
                            BindingFailure.class,
                            failure -> assertThat(failure.cause()).hasRootCauseMessage("moody"));
        }

        private BindingFailure failure(HubMessage message) {
            var read = again(message);
            assertThat(read).isInstanceOf(BindingFailure.class);
            return (BindingFailure) read;
        }
    }

    private static List<@Nullable Object> values(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private HubProtocol failing(RuntimeException failure) {
        return protocol(new PayloadMapper() {
            @Override
            public @Nullable Object read(ByteBuffer value, Type type) {
                throw failure;
            }

            @Override
            public void write(@Nullable Object value, OutputStream out) throws IOException {
                out.write('{');
                throw failure;
            }
        });
    }

    private HubMessage again(HubMessage message) {
        return protocol.read(content(message), methods);
    }

    /** What stands in the frame of a message. */
    private ByteBuffer content(HubMessage message) {
        var contents = new ArrayList<ByteBuffer>();
        var reader = new FrameReader(protocol.framing(), 0);
        reader.read(protocol.write(message), frame -> contents.add(frame.slice()));
        assertThat(contents).hasSize(1);
        assertThat(reader.isEmpty()).isTrue();
        return contents.getFirst();
    }
}
