package io.hubwire.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.BindingException.Kind;
import io.hubwire.protocol.HubMessage;
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
import io.hubwire.protocol.Methods;
import io.hubwire.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReadingTest {

    private final JsonHubProtocol protocol = new JsonHubProtocol(new PlainJackson());

    private final Methods methods = new Methods()
                    .method("Echo", String.class)
                    .method("Add", int.class, int.class)
                    .method("Nothing")
                    .method("Any", Object.class)
                    .method("Up", String.class)
                    .method("S", int.class)
                    .stream("3", Integer.class)
                    .call("s1", Integer.class)
                    .call("s2", String.class);

    @Nested
    class WhatClientsSend {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"arguments\":[\"zü\"],\"invocationId\":\"0\",\"target\":\"Echo\",\"type\":1}",
                    "{\"arguments\":[\"zü\"],\"invocationId\":\"0\",\"streamIds\":[],\"target\":\"Echo\",\"type\":1}",
                    "{\"target\":\"Echo\",\"arguments\":[\"zü\"],\"invocationId\":\"0\",\"type\":1}",
                    "{\"type\":1,\"invocationId\":\"0\",\"target\":\"Echo\",\"arguments\":[\"zü\"]}",
                    "{\"type\":1,\"headers\":{},\"invocationId\":\"0\",\"target\":\"echo\",\"arguments\":[\"z\\u00fc\"]}",
                })
        void isAnInvocationInAnyOrder(String json) {
            assertThat(read(json)).isEqualTo(new Invocation("0", "Echo", List.of("zü")));
        }

        @Test
        void isAnInvocationThatWantsNoAnswer() {
            assertThat(read("{\"arguments\":[\"x\"],\"target\":\"Echo\",\"type\":1}"))
                    .isEqualTo(new Invocation("Echo", List.of("x")));
        }

        @Test
        void isAnInvocationWithStreams() {
            var expected = new Invocation("4", "Up", List.of("q"), List.of("3", "5"), Map.of());

            assertThat(
                            read(
                                    "{\"target\":\"Up\",\"arguments\":[\"q\"],\"invocationId\":\"4\",\"streamIds\":[\"3\",\"5\"],\"type\":1}"))
                    .isEqualTo(expected);
            assertThat(
                            read(
                                    "{\"type\":1,\"invocationId\":\"4\",\"target\":\"Up\",\"arguments\":[\"q\"],\"streamIds\":[\"3\",\"5\"]}"))
                    .isEqualTo(expected);
        }

        @Test
        void isAStreamItem() {
            assertThat(read("{\"invocationId\":\"3\",\"item\":1,\"type\":2}")).isEqualTo(new StreamItem("3", 1));
        }

        @Test
        void isTheEndOfAStream() {
            assertThat(read("{\"invocationId\":\"3\",\"type\":3}"))
                    .isEqualTo(new Completion("3", new Outcome.Nothing()));
            assertThat(read("{\"error\":\"Error: bad\",\"invocationId\":\"3\",\"type\":3}"))
                    .isEqualTo(new Completion("3", new Outcome.Failure("Error: bad")));
        }

        @Test
        void isAStreamInvocation() {
            assertThat(read("{\"target\":\"S\",\"arguments\":[5],\"invocationId\":\"1\",\"type\":4}"))
                    .isEqualTo(new StreamInvocation("1", "S", List.of(5)));
        }

        @Test
        void isACancellation() {
            assertThat(read("{\"invocationId\":\"2\",\"type\":5}")).isEqualTo(new CancelInvocation("2"));
        }

        @Test
        void isAResult() {
            assertThat(read("{\"invocationId\":\"s1\",\"result\":5,\"type\":3}"))
                    .isEqualTo(new Completion("s1", new Outcome.Value(5)));
            assertThat(read("{\"result\":null,\"invocationId\":\"s2\",\"type\":3}"))
                    .isEqualTo(new Completion("s2", new Outcome.Value(null)));
        }

        @Test
        void isAPing() {
            assertThat(read("{\"type\":6}")).isSameAs(Ping.PING);
        }

        @Test
        void isAClose() {
            assertThat(read("{\"type\":7}")).isEqualTo(new Close(null, false));
            assertThat(read("{\"type\":7,\"allowReconnect\":false}")).isEqualTo(new Close(null, false));
            assertThat(read("{\"type\":7,\"error\":\"x\",\"allowReconnect\":true}"))
                    .isEqualTo(new Close("x", true));
        }

        @Test
        void isAnAckOrASequence() {
            assertThat(read("{\"type\":8,\"sequenceId\":12}")).isEqualTo(new Ack(12));
            assertThat(read("{\"sequenceId\":9223372036854775807,\"type\":9}")).isEqualTo(new Sequence(Long.MAX_VALUE));
        }
    }

    @Nested
    class Tolerance {

        @Test
        void takesTheLastOfDuplicates() {
            assertThat(
                            read(
                                    "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Nope\",\"target\":\"Add\",\"arguments\":[1,2]}"))
                    .isEqualTo(new Invocation("1", "Add", List.of(1, 2)));
            assertThat(
                            read(
                                    "{\"type\":1,\"target\":\"Echo\",\"arguments\":[\"a\"],\"arguments\":[1,2],\"target\":\"Add\"}"))
                    .isEqualTo(new Invocation("Add", List.of(1, 2)));
            assertThat(read("{\"type\":1,\"target\":\"Add\",\"arguments\":[\"a\"],\"arguments\":[3,4]}"))
                    .isEqualTo(new Invocation("Add", List.of(3, 4)));
            assertThat(
                            read(
                                    "{\"type\":1,\"target\":\"Add\",\"arguments\":[3,4],\"target\":\"Nothing\",\"arguments\":[]}"))
                    .isEqualTo(new Invocation("Nothing", List.of()));
            assertThat(
                            read(
                                    "{\"type\":7,\"type\":6,\"type\":2,\"item\":9,\"item\":1,\"invocationId\":\"0\",\"invocationId\":\"3\"}"))
                    .isEqualTo(new StreamItem("3", 1));
            assertThat(read("{\"type\":3,\"result\":\"x\",\"result\":7,\"invocationId\":\"s1\"}"))
                    .isEqualTo(new Completion("s1", new Outcome.Value(7)));
            assertThat(read("{\"type\":7,\"error\":\"x\",\"error\":null}")).isEqualTo(new Close(null, false));
            assertThat(
                            read(
                                    "{\"type\":1,\"target\":\"Nothing\",\"arguments\":[],\"streamIds\":[\"1\"],\"streamIds\":[\"2\"]}"))
                    .isEqualTo(new Invocation(null, "Nothing", List.of(), List.of("2"), Map.of()));
        }

        @Test
        void skipsUnknownPropertiesAndTheirContents() {
            assertThat(read("{\"x\":{\"type\":7,\"y\":[1,{},[],\"\\\"}\"]},\"Type\":9,\"\":0,\"types\":1,\"typ\":2,"
                            + "\"invocationIde\":3,\"argumentss\":4,\"target \":5,\"items\":6,\"type\":6}"))
                    .isSameAs(Ping.PING);
        }

        @Test
        void knowsPropertiesByTheirEscapedNames() {
            assertThat(
                            read(
                                    "{\"t\\u0079pe\":1,\"targ\\u0065t\":\"Add\",\"\\u0061rguments\":[1,2],\"inv\\u006fcationId\":\"1\"}"))
                    .isEqualTo(new Invocation("1", "Add", List.of(1, 2)));
        }

        @Test
        void allowsSpaceEverywhere() {
            assertThat(
                            read(
                                    " \t\r\n{ \"type\" : 1 , \"invocationId\"\n:\n\"1\" ,\"target\" :\t\"Add\", \"arguments\" : [ 1 , 2 ] } \n"))
                    .isEqualTo(new Invocation("1", "Add", List.of(1, 2)));
            assertThat(read("{\"arguments\": [ 1 ,2 ] ,\"target\": \"Add\" ,\"type\" :1 }"))
                    .isEqualTo(new Invocation("Add", List.of(1, 2)));
        }

        @Test
        void takesNullForWhatMayBeAbsent() {
            assertThat(
                            read(
                                    "{\"type\":1,\"invocationId\":null,\"target\":\"Nothing\",\"arguments\":[],\"streamIds\":null,\"headers\":null}"))
                    .isEqualTo(new Invocation("Nothing", List.of()));
            assertThat(read("{\"type\":3,\"invocationId\":\"s1\",\"error\":null,\"result\":1}"))
                    .isEqualTo(new Completion("s1", new Outcome.Value(1)));
            assertThat(read("{\"type\":7,\"error\":null}")).isEqualTo(new Close(null, false));
        }

        @Test
        void takesAnEmptyIdOfAnInvocationForNone() {
            assertThat(read("{\"type\":1,\"invocationId\":\"\",\"target\":\"Nothing\",\"arguments\":[]}"))
                    .isEqualTo(new Invocation("Nothing", List.of()));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, 10, 99, Integer.MAX_VALUE, Integer.MIN_VALUE})
        void ignoresUnknownTypes(int type) {
            assertThat(read("{\"type\":" + type
                            + ",\"target\":5,\"headers\":[],\"sequenceId\":\"x\",\"arguments\":{}}"))
                    .isEqualTo(new Unknown(type));
            assertThat(read("{\"target\":5,\"streamIds\":[null],\"type\":" + type + "}"))
                    .isEqualTo(new Unknown(type));
        }

        @Test
        void keepsHeaders() {
            assertThat(
                            read(
                                    "{\"type\":1,\"headers\":{\"a\":\"1\",\"b\":\"\",\"a\":\"2\"},\"target\":\"Nothing\",\"arguments\":[]}"))
                    .isEqualTo(new Invocation(null, "Nothing", List.of(), List.of(), Map.of("a", "2", "b", "")));
        }
    }

    @Nested
    class WhatBreaksTheProtocol {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{}|Missing required property 'type'.",
                    "{\"type\":null}|Missing required property 'type'.",
                    "{\"target\":\"Echo\",\"arguments\":[\"x\"]}|Missing required property 'type'.",
                    "{\"type\":1}|Missing required property 'target'.",
                    "{\"type\":1,\"arguments\":[]}|Missing required property 'target'.",
                    "{\"type\":1,\"target\":\"\",\"arguments\":[]}|Missing required property 'target'.",
                    "{\"type\":1,\"target\":\"Nothing\"}|Missing required property 'arguments'.",
                    "{\"type\":1,\"target\":\"Nope\"}|Missing required property 'arguments'.",
                    "{\"type\":4,\"target\":\"S\",\"arguments\":[1]}|Missing required property 'invocationId'.",
                    "{\"type\":4,\"invocationId\":\"1\",\"arguments\":[1]}|Missing required property 'target'.",
                    "{\"type\":4,\"invocationId\":\"1\",\"target\":\"S\"}|Missing required property 'arguments'.",
                    "{\"type\":2,\"item\":1}|Missing required property 'invocationId'.",
                    "{\"type\":2,\"invocationId\":\"\",\"item\":1}|Missing required property 'invocationId'.",
                    "{\"type\":2,\"invocationId\":null,\"item\":1}|Missing required property 'invocationId'.",
                    "{\"type\":2,\"invocationId\":\"3\"}|Missing required property 'item'.",
                    "{\"type\":3,\"result\":1}|Missing required property 'invocationId'.",
                    "{\"type\":5}|Missing required property 'invocationId'.",
                    "{\"type\":5,\"invocationId\":\"\"}|Missing required property 'invocationId'.",
                    "{\"type\":8}|Missing required property 'sequenceId'.",
                    "{\"type\":9}|Missing required property 'sequenceId'.",
                    "{\"type\":\"1\"}|Expected 'type' to be of type Number.",
                    "{\"type\":[1]}|Expected 'type' to be of type Number.",
                    "{\"type\":true}|Expected 'type' to be of type Number.",
                    "{\"type\":8,\"sequenceId\":\"1\"}|Expected 'sequenceId' to be of type Number.",
                    "{\"type\":8,\"sequenceId\":null}|Expected 'sequenceId' to be of type Number.",
                    "{\"type\":1,\"target\":5,\"arguments\":[]}|Expected 'target' to be of type String.",
                    "{\"type\":1,\"target\":null,\"arguments\":[]}|Expected 'target' to be of type String.",
                    "{\"target\":{},\"type\":1,\"arguments\":[]}|Expected 'target' to be of type String.",
                    "{\"type\":5,\"invocationId\":5}|Expected 'invocationId' to be of type String.",
                    "{\"type\":3,\"invocationId\":\"1\",\"error\":5}|Expected 'error' to be of type String.",
                    "{\"type\":1,\"target\":\"x\",\"arguments\":{}}|Expected 'arguments' to be of type Array.",
                    "{\"type\":1,\"target\":\"x\",\"arguments\":null}|Expected 'arguments' to be of type Array.",
                    "{\"type\":1,\"streamIds\":\"3\"}|Expected 'streamIds' to be of type Array.",
                    "{\"type\":1,\"streamIds\":[\"1\",null]}|Null value for 'streamIds' is not valid.",
                    "{\"type\":1,\"streamIds\":[1]}|Expected 'streamIds' to contain only String.",
                    "{\"type\":1,\"headers\":[]}|Expected 'headers' to be of type StartObject.",
                    "{\"type\":1,\"headers\":\"x\"}|Expected 'headers' to be of type StartObject.",
                    "{\"type\":1,\"headers\":{\"a\":\"b\",\"h\":1}}|Expected header 'h' to be of type String.",
                    "{\"type\":1,\"headers\":{\"h\":null}}|Expected header 'h' to be of type String.",
                    "{\"type\":7,\"allowReconnect\":1}|Expected 'allowReconnect' to be true or false.",
                    "{\"type\":7,\"allowReconnect\":\"true\"}|Expected 'allowReconnect' to be true or false.",
                    "{\"type\":3,\"invocationId\":\"s1\",\"result\":1,\"error\":\"x\"}|"
                            + "The 'error' and 'result' properties are mutually exclusive.",
                    "{\"type\":3,\"invocationId\":\"s1\",\"error\":\"\",\"result\":null}|"
                            + "The 'error' and 'result' properties are mutually exclusive.",
                    "[]|Unexpected JSON Token Type 'Array'. Expected a JSON Object.",
                    "[{\"type\":6}]|Unexpected JSON Token Type 'Array'. Expected a JSON Object.",
                    "6|Unexpected JSON Token Type 'Number'. Expected a JSON Object.",
                    "\"x\"|Unexpected JSON Token Type 'String'. Expected a JSON Object.",
                    "true|Unexpected JSON Token Type 'True'. Expected a JSON Object.",
                    "false|Unexpected JSON Token Type 'False'. Expected a JSON Object.",
                    "null|Unexpected JSON Token Type 'Null'. Expected a JSON Object.",
                    "{\"type\":1.5}|Expected 'type' to be a 32-bit integer.",
                    "{\"type\":1e0}|Expected 'type' to be a 32-bit integer.",
                    "{\"type\":3000000000}|Expected 'type' to be a 32-bit integer.",
                    "{\"type\":9,\"sequenceId\":1.5}|Expected 'sequenceId' to be a 64-bit integer.",
                    "{\"type\":9,\"sequenceId\":9223372036854775808}|Expected 'sequenceId' to be a 64-bit integer.",
                })
        void isNamedInTheReferencesWords(String json, String message) {
            assertThatThrownBy(() -> read(json))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage(message);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "hello",
                    "{",
                    "{\"type\":1",
                    "{\"type\":6}}",
                    "{\"type\":6} x",
                    "{\"type\":6}{\"type\":6}",
                    "{\"type\":6,}",
                    "{,\"type\":6}",
                    "{\"type\" 6}",
                    "{\"type\":6 \"x\":1}",
                    "{type:6}",
                    "{'type':6}",
                    "{\"type\":06}",
                    "{\"type\":+6}",
                    "{\"type\":6.}",
                    "{\"type\":-}",
                    "{\"type\":6e}",
                    "{\"type\":.6}",
                    "{\"type\":6,\"x\":NaN}",
                    "{\"type\":6,\"x\":tru}",
                    "{\"type\":6,\"x\":nulll}",
                    "{\"type\":6,\"x\":[1,]}",
                    "{\"type\":6,\"x\":[1 2]}",
                    "{\"type\":6,\"x\":[1}",
                    "{\"type\":6,\"x\":{\"a\"}}",
                    "{\"type\":6,\"x\":{\"a\":1]}",
                    "{\"type\":6,\"x\":\"\\x\"}",
                    "{\"type\":6,\"x\":\"\\u12G4\"}",
                    "{\"type\":6,\"x\":\"\\u123",
                    "{\"type\":6,\"x\":\"a\nb\"}",
                    "{\"type\":6,\"x\":\"a\tb\"}",
                    "{\"type\":6}/* no */",
                    "// no\n{\"type\":6}",
                    "{\"type\":6,\"x\":\"unfinished",
                    "\uFEFF{\"type\":6}",
                    "{\"type\":1,\"target\":\"Echo\",\"arguments\":[\"x\"",
                    "{\"type\":1,\"target\":\"Echo\",\"arguments\":[\"x\" \"y\"]}",
                    "{\"type\":1,\"target\":\"Echo\",\"arguments\":[x]}",
                    "{\"type\":1,\"target\":\"Add\",\"arguments\":[1,2,]}",
                    "{\"type\":1,\"target\":\"Add\",\"arguments\":[1,\"x\",}]}",
                    "truth",
                })
        void isNotJson(String text) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("Error reading JSON.");
        }

        @ParameterizedTest
        @MethodSource("io.hubwire.protocol.json.JsonReadingTest#notUtf8")
        void isNotUtf8(byte[] text) {
            var head = "{\"type\":6,\"x\":\"a".getBytes(UTF_8);
            var frame = ByteBuffer.allocate(64)
                    .put(head)
                    .put(text)
                    .put("b\"}".getBytes(UTF_8))
                    .flip();

            assertThatThrownBy(() -> protocol.read(frame, methods)).hasMessage("Error reading JSON.");
        }

        @Test
        void isDeeperThanSixtyFour() {
            assertThat(read("{\"type\":6,\"x\":" + "[".repeat(63) + "]".repeat(63) + "}"))
                    .isSameAs(Ping.PING);
            for (int depth : new int[] {64, 65, 10_000, 200_000}) {
                assertThatThrownBy(() -> read("{\"type\":6,\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}"))
                        .hasMessage("Error reading JSON.");
                assertThatThrownBy(() -> read("{\"type\":1,\"target\":\"Any\",\"arguments\":" + "[".repeat(depth)
                                + "]".repeat(depth) + "}"))
                        .hasMessage("Error reading JSON.");
                assertThatThrownBy(() -> read("{\"x\":".repeat(depth) + "1" + "}".repeat(depth)))
                        .hasMessage(depth == 64 ? "Missing required property 'type'." : "Error reading JSON.");
            }
        }
    }

    static List<byte[]> notUtf8() {
        return List.of(
                new byte[] {(byte) 0x80},
                new byte[] {(byte) 0xC3},
                new byte[] {(byte) 0xC0, (byte) 0x80},
                new byte[] {(byte) 0xC1, (byte) 0xBF},
                new byte[] {(byte) 0xE0, (byte) 0x9F, (byte) 0xBF},
                new byte[] {(byte) 0xE2, (byte) 0x82},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
                new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                new byte[] {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                new byte[] {(byte) 0xFF},
                new byte[] {(byte) 0xFE, (byte) 0xFF});
    }

    @Nested
    class WhatDoesNotBind {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"type\":1,\"invocationId\":\"1\",\"target\":\"NoSuch\",\"arguments\":[1,{}]}",
                    "{\"arguments\":[1,{}],\"target\":\"NoSuch\",\"invocationId\":\"1\",\"type\":1}",
                })
        void isAMethodThatDoesNotExist(String json) {
            var failure = failure(json);

            assertThat(failure.invocationId()).isEqualTo("1");
            assertThat(failure.target()).isEqualTo("NoSuch");
            assertThat(failure.streaming()).isFalse();
            assertThat(failure.cause().kind()).isEqualTo(Kind.UNKNOWN_TARGET);
            assertThat(failure.cause()).hasMessage("Method does not exist.");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {"[1]|1", "[]|0", "[1,2,3]|3", "[1,2,{\"a\":[]},[]]|4"})
        void isTheNumberOfArguments(String arguments, int provided) {
            for (var json : List.of(
                    "{\"type\":1,\"invocationId\":\"1\",\"target\":\"aDD\",\"arguments\":" + arguments + "}",
                    "{\"arguments\":" + arguments + ",\"target\":\"aDD\",\"invocationId\":\"1\",\"type\":1}")) {
                var failure = failure(json);

                assertThat(failure.target()).isEqualTo("Add");
                assertThat(failure.cause().kind()).isEqualTo(Kind.WRONG_COUNT);
                assertThat(failure.cause())
                        .hasMessage("Invocation provides " + provided + " argument(s) but target expects 2.");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"[\"1\",2]", "[1.5,2]", "[null,2]", "[3000000000,1]", "[1,[2]]", "[true,{}]"})
        void isAnArgument(String arguments) {
            for (var json : List.of(
                    "{\"type\":1,\"target\":\"add\",\"arguments\":" + arguments + ",\"invocationId\":\"1\"}",
                    "{\"arguments\":" + arguments + ",\"target\":\"add\",\"invocationId\":\"1\",\"type\":1}")) {
                var failure = failure(json);

                assertThat(failure.invocationId()).isEqualTo("1");
                assertThat(failure.target()).isEqualTo("Add");
                assertThat(failure.cause().kind()).isEqualTo(Kind.CONVERSION);
                assertThat(failure.cause())
                        .hasMessage("Error binding arguments. Make sure that the types of the provided values match the"
                                + " types of the hub method being invoked.")
                        .hasCauseInstanceOf(io.hubwire.protocol.PayloadException.class);
            }
        }

        @Test
        void failsWithoutAnIdToo() {
            assertThat(failure("{\"type\":1,\"target\":\"Add\",\"arguments\":[]}")
                            .invocationId())
                    .isNull();
        }

        @Test
        void failsAStreamInvocation() {
            var failure = failure("{\"type\":4,\"invocationId\":\"1\",\"target\":\"s\",\"arguments\":[\"x\"]}");

            assertThat(failure.target()).isEqualTo("S");
            assertThat(failure.streaming()).isTrue();
            assertThat(failure("{\"type\":4,\"invocationId\":\"1\",\"target\":\"T\",\"arguments\":[]}")
                            .streaming())
                    .isTrue();
        }

        @Test
        void failsAStream() {
            assertThat(read("{\"type\":2,\"invocationId\":\"3\",\"item\":\"x\"}"))
                    .isInstanceOfSatisfying(StreamBindingFailure.class, failure -> {
                        assertThat(failure.invocationId()).isEqualTo("3");
                        assertThat(failure.cause().kind()).isEqualTo(Kind.CONVERSION);
                    });
        }

        @Test
        void failsAResult() {
            assertThat(read("{\"type\":3,\"invocationId\":\"s1\",\"result\":\"x\"}"))
                    .isInstanceOfSatisfying(CompletionBindingFailure.class, failure -> {
                        assertThat(failure.invocationId()).isEqualTo("s1");
                        assertThat(failure.cause().kind()).isEqualTo(Kind.CONVERSION);
                    });
        }

        private BindingFailure failure(String json) {
            var message = read(json);
            assertThat(message).isInstanceOf(BindingFailure.class);
            return (BindingFailure) message;
        }
    }

    @Nested
    class Values {

        @Test
        void areBoundByTheMapperIfTheyAreNoScalars() {
            assertThat(read("{\"type\":1,\"target\":\"Any\",\"arguments\":[ {\"a\":[1,\"x\",null]} ]}"))
                    .isEqualTo(new Invocation("Any", List.of(Map.of("a", Arrays.asList(1, "x", null)))));
        }
    }

    private HubMessage read(String json) {
        return protocol.read(bytes(json), methods);
    }

    private static ByteBuffer bytes(String json) {
        return ByteBuffer.wrap(json.getBytes(UTF_8));
    }
}
