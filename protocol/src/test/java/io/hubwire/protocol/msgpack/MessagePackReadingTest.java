package io.hubwire.protocol.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.ProtocolException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames as hexadecimal digits, without their length. */
class MessagePackReadingTest {

    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("string", String.class),
            Map.entry("boolean", boolean.class),
            Map.entry("Boolean", Boolean.class),
            Map.entry("byte", byte.class),
            Map.entry("Byte", Byte.class),
            Map.entry("short", short.class),
            Map.entry("Short", Short.class),
            Map.entry("int", int.class),
            Map.entry("Integer", Integer.class),
            Map.entry("long", long.class),
            Map.entry("Long", Long.class),
            Map.entry("float", float.class),
            Map.entry("Float", Float.class),
            Map.entry("double", double.class),
            Map.entry("Double", Double.class),
            Map.entry("char", char.class),
            Map.entry("Character", Character.class),
            Map.entry("bytes", byte[].class),
            Map.entry("any", Object.class));

    private final MessagePackHubProtocol protocol = new MessagePackHubProtocol(new PlainMessagePack());

    private final Methods methods = new Methods()
            .method("F").method("Add", int.class, int.class).method("Any", Object.class).method("St").stream(
                            "3", Integer.class)
                    .call("s1", Integer.class)
                    .call("s2", String.class);

    @Nested
    class WhatClientsSend {

        @Test
        void isAnInvocation() {
            assertThat(read("95 01 80 c0 a1 46 90")).isEqualTo(new Invocation("F", List.of()));
            assertThat(read("96 01 80 c0 a1 46 90 90")).isEqualTo(new Invocation("F", List.of()));
            assertThat(read("95 01 80 a1 30 a3 41 64 64 92 02 03"))
                    .isEqualTo(new Invocation("0", "Add", List.of(2, 3)));
            assertThat(read("96 01 81 a1 61 a1 62 a1 30 a1 46 90 92 a1 31 a1 32"))
                    .isEqualTo(new Invocation("0", "F", List.of(), List.of("1", "2"), Map.of("a", "b")));
        }

        @Test
        void isAStreamInvocation() {
            assertThat(read("95 04 80 a1 32 a2 53 74 90")).isEqualTo(new StreamInvocation("2", "St", List.of()));
        }

        @Test
        void isAStreamItem() {
            assertThat(read("94 02 80 a1 33 07")).isEqualTo(new StreamItem("3", 7));
        }

        @Test
        void isACompletion() {
            assertThat(read("95 03 80 a2 73 31 03 07")).isEqualTo(new Completion("s1", new Outcome.Value(7)));
            assertThat(read("95 03 80 a2 73 32 03 c0")).isEqualTo(new Completion("s2", new Outcome.Value(null)));
            assertThat(read("94 03 80 a1 34 02")).isEqualTo(new Completion("4", Outcome.Nothing.NOTHING));
            assertThat(read("95 03 80 a1 34 01 a2 6e 6f")).isEqualTo(new Completion("4", new Outcome.Failure("no")));
        }

        @Test
        void isACancellation() {
            assertThat(read("93 05 80 a1 32")).isEqualTo(new CancelInvocation("2"));
        }

        @Test
        void isAPing() {
            assertThat(read("91 06")).isSameAs(Ping.PING);
        }

        @Test
        void isAClose() {
            assertThat(read("92 07 c0")).isEqualTo(new Close(null, false));
            assertThat(read("93 07 c0 c3")).isEqualTo(new Close(null, true));
            assertThat(read("93 07 a1 78 c2")).isEqualTo(new Close("x", false));
        }

        @Test
        void isAnAckOrASequence() {
            assertThat(read("92 08 05")).isEqualTo(new Ack(5));
            assertThat(read("92 09 01")).isEqualTo(new Sequence(1));
            assertThat(read("92 08 d3 80 00 00 00 00 00 00 00")).isEqualTo(new Ack(Long.MIN_VALUE));
        }
    }

    @Nested
    class Tolerance {

        @Test
        void takesNilForNoHeaders() {
            assertThat(read("95 01 c0 c0 a1 46 90")).isEqualTo(new Invocation("F", List.of()));
            assertThat(read("93 05 c0 a1 32")).isEqualTo(new CancelInvocation("2"));
        }

        @Test
        void takesAnEmptyIdOfAnInvocationForNone() {
            assertThat(read("95 01 80 a0 a1 46 90")).isEqualTo(new Invocation("F", List.of()));
        }

        @Test
        void skipsItemsBeyondTheKnownOnes() {
            assertThat(read("98 01 80 c0 a1 46 90 90 81 a1 61 91 c0 d4 05 00"))
                    .isEqualTo(new Invocation("F", List.of()));
            assertThat(read("95 06 cb 00 00 00 00 00 00 00 00 c4 01 00 d9 01 61 df 00 00 00 00"))
                    .isSameAs(Ping.PING);
            assertThat(read("96 03 80 a1 34 02 c0 c0")).isEqualTo(new Completion("4", Outcome.Nothing.NOTHING));
        }

        @ParameterizedTest
        @CsvSource({"00, 0", "0a, 10", "ff, -1", "ce 7f ff ff ff, 2147483647", "d2 80 00 00 00, -2147483648"})
        void ignoresUnknownTypes(String number, int type) {
            assertThat(read("91" + number)).isEqualTo(new Unknown(type));
            assertThat(read("93" + number + "a1 61 92 c0 80")).isEqualTo(new Unknown(type));
        }

        @Test
        void takesAnyFormOfAnything() {
            assertThat(
                            read(
                                    "dc 00 05 d0 01 de 00 00 d9 01 30 da 00 03 41 64 64 dd 00 00 00 02 cc 02 d3 00 00 00 00 00 00 00 03"))
                    .isEqualTo(new Invocation("0", "Add", List.of(2, 3)));
            assertThat(
                            read(
                                    "dd 00 00 00 05 cf 00 00 00 00 00 00 00 01 df 00 00 00 00 db 00 00 00 01 30 a1 46 dc 00 00"))
                    .isEqualTo(new Invocation("0", "F", List.of()));
        }

        @Test
        void takesTheLastOfHeadersOfOneName() {
            assertThat(read("95 01 82 a1 61 a1 62 a1 61 a1 63 c0 a1 46 90"))
                    .isEqualTo(new Invocation(null, "F", List.of(), List.of(), Map.of("a", "c")));
        }

        @Test
        void skipsExtensionsThatNobodyWants() {
            assertThat(read("94 02 80 a1 39 c7 03 63 01 02 03")).isEqualTo(new StreamItem("9", null));
            assertThat(read("95 01 80 c0 a4 4e 6f 70 65 91 d8 63 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"))
                    .isInstanceOf(BindingFailure.class);
        }
    }

    @Nested
    class WhatBreaksTheProtocol {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "80|Reading array length for 'message' failed.",
                    "c0|Reading array length for 'message' failed.",
                    "90|Reading 'messageType' as Int32 failed.",
                    "91 c0|Reading 'messageType' as Int32 failed.",
                    "91 a1 31|Reading 'messageType' as Int32 failed.",
                    "91 cb 3f f0 00 00 00 00 00 00|Reading 'messageType' as Int32 failed.",
                    "91 ce 80 00 00 00|Reading 'messageType' as Int32 failed.",
                    "91 cf ff ff ff ff ff ff ff ff|Reading 'messageType' as Int32 failed.",
                    "91 cd 00|Reading 'messageType' as Int32 failed.",
                    "91 01|Reading map length for 'headers' failed.",
                    "95 01 90 c0 a1 46 90|Reading map length for 'headers' failed.",
                    "95 01 df 7f ff ff ff c0 a1 46 90|Reading map length for 'headers' failed.",
                    "95 01 df ff ff ff ff c0 a1 46 90|Reading map length for 'headers' failed.",
                    "95 01 81 01 a1 62 c0 a1 46 90|Reading 'headers[0].Key' as String failed.",
                    "95 01 81 a1 61 c0 c0 a1 46 90|Reading 'headers[0].Value' as String failed.",
                    "95 01 80 05 a1 46 90|Reading 'invocationId' as String failed.",
                    "92 01 80|Reading 'invocationId' as String failed.",
                    "95 04 80 c0 a2 53 74 90|Reading 'invocationId' as String failed.",
                    "95 04 80 a0 a2 53 74 90|Reading 'invocationId' as String failed.",
                    "94 02 80 c0 07|Reading 'invocationId' as String failed.",
                    "94 03 80 a0 02|Reading 'invocationId' as String failed.",
                    "92 05 80|Reading 'invocationId' as String failed.",
                    "93 05 80 db ff ff ff ff 61|Reading 'invocationId' as String failed.",
                    "93 05 80 a5 61|Reading 'invocationId' as String failed.",
                    "95 01 80 c0 c0 90|Reading 'target' as String failed.",
                    "95 01 80 c0 a0 90|Reading 'target' as String failed.",
                    "95 01 80 c0 a9 46 90|Reading 'target' as String failed.",
                    "93 01 80 c0|Reading 'target' as String failed.",
                    "95 01 80 c0 a1 46 80|Reading array length for 'arguments' failed.",
                    "95 01 80 c0 a1 46 c0|Reading array length for 'arguments' failed.",
                    "94 01 80 c0 a1 46|Reading array length for 'arguments' failed.",
                    "95 01 80 c0 a1 46 dd ff ff ff ff|Reading array length for 'arguments' failed.",
                    "96 01 80 c0 a1 46 90 c0|Reading array length for 'streamIds' failed.",
                    "96 01 80 c0 a1 46 90 91 05|Reading 'streamIds' as String failed.",
                    "96 01 80 c0 a1 46 90 91 c0|Reading 'streamIds' as String failed.",
                    "93 02 80 a1 33|Reading 'item' failed.",
                    "93 03 80 a1 33|Reading 'resultKind' as Int32 failed.",
                    "94 03 80 a1 33 00|Invalid invocation result kind.",
                    "95 03 80 a1 33 04 c0|Invalid invocation result kind.",
                    "94 03 80 a1 33 01|Reading 'error' as String failed.",
                    "95 03 80 a1 33 01 c0|Reading 'error' as String failed.",
                    "94 03 80 a1 33 03|Reading 'result' failed.",
                    "91 07|Reading 'error' as String failed.",
                    "92 07 05|Reading 'error' as String failed.",
                    "93 07 c0 c0|Reading 'allowReconnect' as Boolean failed.",
                    "91 08|Reading 'sequenceId' as Int64 failed.",
                    "92 08 c0|Reading 'sequenceId' as Int64 failed.",
                    "92 09 cf 80 00 00 00 00 00 00 00|Reading 'sequenceId' as Int64 failed.",
                })
        void isNamedInTheReferencesWords(String hex, String text) {
            assertBroken(hex).hasMessage(text);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "c1",
                    "92 06",
                    "92 06 c1",
                    "91 06 c0",
                    "dd ff ff ff ff 06",
                    "94 02 80 a1 33 c1",
                    "94 02 80 a1 33 cd 01",
                    "94 02 80 a1 39 91",
                    "94 02 80 a1 39 81 01",
                    "94 02 80 a1 39 c4 05 01",
                    "94 02 80 a1 39 c6 ff ff ff ff 01",
                    "94 02 80 a1 39 c9 ff ff ff ff 01 01",
                    "94 02 80 a1 39 c7 00",
                    "94 02 80 a1 39 d8 01 02",
                    "94 02 80 a1 39 dd 80 00 00 00 c0",
                    "94 02 80 a1 39 df 40 00 00 00 c0 c0",
                    "94 02 80 a1 39 ca 00",
                    "95 01 80 c0 a4 4e 6f 70 65 91 c1",
                    "95 01 80 c0 a3 41 64 64 92 02 c1",
                    "95 01 80 c0 a3 41 64 64 92 a1 61 c1",
                    "95 01 80 c0 a3 41 6e 79 91 92 01 c1",
                    "95 01 80 c0 a3 41 6e 79 91 db 80 00 00 00 01",
                })
        void isNotMessagePack(String hex) {
            assertBroken(hex).hasMessage("Error reading MessagePack.");
        }

        @Test
        void isDeeperThanSixtyFour() {
            var head = "95 01 80 c0 a3 41 6e 79 91";

            assertThat(read(head + "91".repeat(61) + "90")).isInstanceOf(Invocation.class);
            assertThat(read(head + "8101".repeat(61) + "90")).isInstanceOf(Invocation.class);
            for (var deep : List.of("91".repeat(62) + "90", "8101".repeat(62) + "80", "91".repeat(10_000) + "c0")) {
                assertBroken(head + deep).hasMessage("Error reading MessagePack.");
                assertBroken("95 01 80 c0 a4 4e 6f 70 65 91" + deep).hasMessage("Error reading MessagePack.");
            }
            assertThat(read("94 02 80 a1 39" + "91".repeat(62) + "90")).isInstanceOf(StreamItem.class);
            assertBroken("94 02 80 a1 39" + "91".repeat(63) + "90").hasMessage("Error reading MessagePack.");
        }

        private AbstractThrowableAssert<?, ?> assertBroken(String hex) {
            return assertThatThrownBy(() -> read(hex)).isInstanceOf(ProtocolException.class);
        }
    }

    @Nested
    class Scalars {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "string|a1 61|a",
                    "string|d9 01 61|a",
                    "string|a3 e2 82 ac|€",
                    "string|a4 f0 9f 98 80|😀",
                    "string|a2 61 ff|a\uFFFD",
                    "string|c0|",
                    "boolean|c2|false",
                    "Boolean|c3|true",
                    "Boolean|c0|",
                    "byte|d0 80|-128",
                    "Byte|7f|127",
                    "short|d1 80 00|-32768",
                    "Short|cd 7f ff|32767",
                    "int|e0|-32",
                    "int|ff|-1",
                    "int|cc ff|255",
                    "int|cd ff ff|65535",
                    "int|ce 7f ff ff ff|2147483647",
                    "int|cf 00 00 00 00 7f ff ff ff|2147483647",
                    "int|d2 80 00 00 00|-2147483648",
                    "int|d3 ff ff ff ff 80 00 00 00|-2147483648",
                    "Integer|0c|12",
                    "Integer|c0|",
                    "long|cf 7f ff ff ff ff ff ff ff|9223372036854775807",
                    "long|d3 80 00 00 00 00 00 00 00|-9223372036854775808",
                    "Long|ce ff ff ff ff|4294967295",
                    "double|cb 3f f8 00 00 00 00 00 00|1.5",
                    "double|ca 3f c0 00 00|1.5",
                    "double|02|2.0",
                    "double|cf 80 00 00 00 00 00 00 00|9.223372036854776E18",
                    "double|cf ff ff ff ff ff ff ff ff|1.8446744073709552E19",
                    "Double|cb 7f f8 00 00 00 00 00 00|NaN",
                    "float|ca 3f c0 00 00|1.5",
                    "float|cb 3f f8 00 00 00 00 00 00|1.5",
                    "float|d0 fe|-2.0",
                    "Float|ca 7f 80 00 00|Infinity",
                    "char|a1 78|x",
                    "char|a3 e2 82 ac|€",
                    "Character|78|x",
                })
        void bindToTheirOwnTypes(String type, String hex, @Nullable String expected) {
            assertThat(bound(type, hex)).isInstanceOfSatisfying(Invocation.class, call -> {
                var value = call.arguments().getFirst();
                assertThat(value == null ? null : value.toString()).isEqualTo(expected);
            });
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "string|05",
                    "string|c3",
                    "string|c4 01 61",
                    "string|91 a1 61",
                    "boolean|01",
                    "boolean|c0",
                    "boolean|a4 74 72 75 65",
                    "byte|80",
                    "byte|cc 80",
                    "byte|d1 ff 7f",
                    "short|cd 80 00",
                    "int|ce 80 00 00 00",
                    "int|d3 ff ff ff ff 7f ff ff ff",
                    "int|ca 3f 80 00 00",
                    "int|cb 3f f0 00 00 00 00 00 00",
                    "int|a1 35",
                    "int|c3",
                    "int|c0",
                    "int|d6 ff 00 00 00 00",
                    "long|cf 80 00 00 00 00 00 00 00",
                    "long|cb 3f f0 00 00 00 00 00 00",
                    "double|a1 31",
                    "double|c0",
                    "double|d6 ff 00 00 00 00",
                    "float|cb 7f e0 00 00 00 00 00 00",
                    "char|a0",
                    "char|a2 61 62",
                    "char|ce 00 01 00 00",
                    "char|ff",
                    "bytes|91 01",
                    "bytes|05",
                })
        void bindToNoOther(String type, String hex) {
            assertUnfit(type, hex);
        }

        @ParameterizedTest
        @ValueSource(strings = {"c4 03 01 02 03", "c5 00 03 01 02 03", "c6 00 00 00 03 01 02 03", "a3 01 02 03"})
        void areBytesInOldFormsToo(String hex) {
            assertThat(bound("bytes", hex))
                    .isInstanceOfSatisfying(
                            Invocation.class,
                            call -> assertThat(call.arguments().getFirst()).isEqualTo(new byte[] {1, 2, 3}));
        }

        private void assertUnfit(String type, String hex) {
            assertThat(bound(type, hex))
                    .isInstanceOfSatisfying(
                            BindingFailure.class,
                            failure -> assertThat(failure.cause())
                                    .hasCauseInstanceOf(PayloadException.class)
                                    .cause()
                                    .hasMessage(
                                            "Deserializing object of the `%s` type for 'argument' failed.",
                                            Objects.requireNonNull(TYPES.get(type))
                                                    .getSimpleName()));
        }

        private HubMessage bound(String type, String hex) {
            methods.method("One", Objects.requireNonNull(TYPES.get(type)));
            return read("95 01 80 c0 a3 4f 6e 65 91" + hex);
        }
    }

    @Nested
    class WhatDoesNotBind {

        @Test
        void isNamed() {
            Type list = new ArrayList<String>() {}.getClass().getGenericSuperclass();
            methods.method("List", list).stream("5", list);

            assertThat(read("95 01 80 a1 31 a4 4c 69 73 74 91 90"))
                    .isInstanceOfSatisfying(
                            BindingFailure.class,
                            failure -> assertThat(failure.cause().getCause())
                                    .hasMessage(
                                            "Deserializing object of the `java.util.ArrayList<java.lang.String>` type for"
                                                    + " 'argument' failed."));
            assertThat(read("94 02 80 a1 33 a1 78"))
                    .isInstanceOfSatisfying(
                            StreamBindingFailure.class,
                            failure -> assertThat(failure.cause().getCause())
                                    .hasMessage("Deserializing object of the `Integer` type for 'item' failed."));
            assertThat(read("95 03 80 a2 73 31 03 a1 78"))
                    .isInstanceOfSatisfying(
                            CompletionBindingFailure.class,
                            failure -> assertThat(failure.cause().getCause())
                                    .hasMessage("Deserializing object of the `Integer` type for 'result' failed."));
        }

        @Test
        void leavesTheRestToBeChecked() {
            assertThat(read("97 01 80 c0 a3 41 64 64 92 a1 61 81 01 02 91 a1 31 c0"))
                    .isInstanceOf(BindingFailure.class);
            assertThat(read("96 01 80 c0 a3 41 64 64 91 81 01 02 90")).isInstanceOf(BindingFailure.class);
        }
    }

    @Test
    void leavesToTheMapperWhatIsNoScalar() {
        assertThat(read("95 01 80 c0 a3 41 6e 79 91 81 a1 61 93 01 a1 78 c0"))
                .isEqualTo(new Invocation("Any", List.of(Map.of("a", Arrays.asList(1, "x", null)))));
    }

    private HubMessage read(String hex) {
        return protocol.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))), methods);
    }
}
