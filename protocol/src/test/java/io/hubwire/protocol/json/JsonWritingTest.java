package io.hubwire.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.Framing;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Ack;
import io.hubwire.protocol.HubMessage.CancelInvocation;
import io.hubwire.protocol.HubMessage.Close;
import io.hubwire.protocol.HubMessage.Completion;
import io.hubwire.protocol.HubMessage.Invocation;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.protocol.HubMessage.Ping;
import io.hubwire.protocol.HubMessage.Sequence;
import io.hubwire.protocol.HubMessage.StreamInvocation;
import io.hubwire.protocol.HubMessage.StreamItem;
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.TransferFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWritingTest {

    private final JsonHubProtocol protocol = new JsonHubProtocol(new PlainJackson());

    @Test
    void isTheTextDialect() {
        assertThat(protocol.name()).isEqualTo("json");
        assertThat(protocol.transferFormat()).isEqualTo(TransferFormat.TEXT);
        assertThat(protocol.framing()).isEqualTo(Framing.RECORD_SEPARATOR);
    }

    @Nested
    class Messages {

        @Test
        void haveTheReferencesOrder() {
            assertThat(json(new Invocation("Notify", List.of("a", 1))))
                    .isEqualTo("{\"type\":1,\"target\":\"Notify\",\"arguments\":[\"a\",1]}");
            assertThat(json(new Invocation("s1", "AskAge", List.of())))
                    .isEqualTo("{\"type\":1,\"invocationId\":\"s1\",\"target\":\"AskAge\",\"arguments\":[]}");
            assertThat(json(new Invocation("1", "Up", Arrays.asList("q", null), List.of("2", "3"), Map.of("a", "b"))))
                    .isEqualTo("{\"type\":1,\"headers\":{\"a\":\"b\"},\"invocationId\":\"1\",\"target\":\"Up\","
                            + "\"arguments\":[\"q\",null],\"streamIds\":[\"2\",\"3\"]}");
            assertThat(json(new StreamItem("4", Map.of("x", 1))))
                    .isEqualTo("{\"type\":2,\"invocationId\":\"4\",\"item\":{\"x\":1}}");
            assertThat(json(new StreamItem("4", null))).isEqualTo("{\"type\":2,\"invocationId\":\"4\",\"item\":null}");
            assertThat(json(new Completion("0", new Outcome.Value(42))))
                    .isEqualTo("{\"type\":3,\"invocationId\":\"0\",\"result\":42}");
            assertThat(json(new Completion("0", new Outcome.Value(null))))
                    .isEqualTo("{\"type\":3,\"invocationId\":\"0\",\"result\":null}");
            assertThat(json(new Completion("4", Outcome.Nothing.NOTHING)))
                    .isEqualTo("{\"type\":3,\"invocationId\":\"4\"}");
            assertThat(json(new Completion("0", new Outcome.Failure("no"))))
                    .isEqualTo("{\"type\":3,\"invocationId\":\"0\",\"error\":\"no\"}");
            assertThat(json(new StreamInvocation("1", "S", List.of(5))))
                    .isEqualTo("{\"type\":4,\"invocationId\":\"1\",\"target\":\"S\",\"arguments\":[5]}");
            assertThat(json(new StreamInvocation("1", "S", List.of(), List.of("2"), Map.of("a", "b"))))
                    .isEqualTo("{\"type\":4,\"headers\":{\"a\":\"b\"},\"invocationId\":\"1\",\"target\":\"S\","
                            + "\"arguments\":[],\"streamIds\":[\"2\"]}");
            assertThat(json(new CancelInvocation("2"))).isEqualTo("{\"type\":5,\"invocationId\":\"2\"}");
            assertThat(json(Ping.PING)).isEqualTo("{\"type\":6}");
            assertThat(json(new Close(null, false))).isEqualTo("{\"type\":7}");
            assertThat(json(new Close(null, true))).isEqualTo("{\"type\":7,\"allowReconnect\":true}");
            assertThat(json(new Close("Connection closed with an error.", true)))
                    .isEqualTo("{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}");
            assertThat(json(new Ack(12))).isEqualTo("{\"type\":8,\"sequenceId\":12}");
            assertThat(json(new Sequence(Long.MAX_VALUE))).isEqualTo("{\"type\":9,\"sequenceId\":9223372036854775807}");
        }
    }

    @Nested
    class Values {

        @Test
        void areWrittenDirectlyIfScalar() {
            assertThat(value((byte) -1)).isEqualTo("-1");
            assertThat(value((short) 300)).isEqualTo("300");
            assertThat(value(Integer.MIN_VALUE)).isEqualTo("-2147483648");
            assertThat(value(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
            assertThat(value(0L)).isEqualTo("0");
            assertThat(value(true)).isEqualTo("true");
            assertThat(value(false)).isEqualTo("false");
            assertThat(value('"')).isEqualTo("\"\\\"\"");
            assertThat(value(2.0)).isEqualTo("2");
            assertThat(value(-0.0)).isEqualTo("-0.0");
            assertThat(value(1e21)).isEqualTo("1.0E21");
            assertThat(value(1.1)).isEqualTo("1.1");
            assertThat(value(0.1f)).isEqualTo("0.1");
            assertThat(value(16777216f)).isEqualTo("16777216");
            assertThat(value(999_999_999_999_999.0)).isEqualTo("999999999999999");
            assertThat(value(1e15)).isEqualTo("1.0E15");
        }

        @Test
        void areTheMappersIfNot() {
            assertThat(value(List.of(1, "x"))).isEqualTo("[1,\"x\"]");
            assertThat(value(new byte[] {1, 2, 3})).isEqualTo("\"AQID\"");
        }

        @ParameterizedTest
        @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
        void areRefusedIfJsonCannotExpressThem(double number) {
            assertThatThrownBy(() -> value(number)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> value((float) number)).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> json(new Invocation("x", List.of(number)))).isInstanceOf(PayloadException.class);
        }

        @Test
        void mayBeAnyText() {
            assertThat(value("")).isEqualTo("\"\"");
            assertThat(value("\u001E")).isEqualTo("\"\\u001e\"");
            assertThat(value("\u0000\b\t\n\f\r\u001F\"\\/\u007F"))
                    .isEqualTo("\"\\u0000\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\u007F\"");
            assertThat(value("zü€😀?")).isEqualTo("\"zü€😀?\"");
            assertThat(value("x".repeat(50) + "?\u001E?" + "y".repeat(50)))
                    .isEqualTo("\"" + "x".repeat(50) + "?\\u001e?" + "y".repeat(50) + "\"");
        }

        @Test
        void mayBeLong() {
            for (int length : new int[] {1_000, 100_000, 3_000_000}) {
                assertThat(value("\u0001ü".repeat(length))).isEqualTo("\"" + "\\u0001ü".repeat(length) + "\"");
                assertThat(value("a".repeat(length))).isEqualTo("\"" + "a".repeat(length) + "\"");
            }
        }

        @Test
        void mayBeMany() {
            var numbers = new ArrayList<@Nullable Object>();
            for (long i = -5_000; i < 5_000; i++) {
                numbers.add(i * i * i * 1_000_003);
            }

            assertThat(json(new Invocation("x", numbers)))
                    .isEqualTo("{\"type\":1,\"target\":\"x\",\"arguments\":"
                            + numbers.toString().replace(" ", "") + "}");
        }
    }

    private String value(@Nullable Object value) {
        var json = json(new StreamItem("1", value));
        var head = "{\"type\":2,\"invocationId\":\"1\",\"item\":";
        assertThat(json).startsWith(head).endsWith("}");
        return json.substring(head.length(), json.length() - 1);
    }

    private String json(HubMessage message) {
        var frame = UTF_8.decode(protocol.write(message)).toString();
        assertThat(frame.indexOf('\u001E')).isEqualTo(frame.length() - 1);
        return frame.substring(0, frame.length() - 1);
    }
}
