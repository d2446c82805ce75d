package io.hubwire.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.BindingFailure;
import io.hubwire.protocol.HubMessage.Invocation;
import io.hubwire.protocol.Methods;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScalarsTest {

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
            Map.entry("bytes", byte[].class));

    private final JsonHubProtocol protocol = new JsonHubProtocol(new PlainJackson());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "string|\"\"|",
                "string|\"a\"|a",
                "string|\"zü€😀\\\"\\\\\\/\"|zü€😀\"\\/",
                "string|\"\\uD83D\\uDE00\\u00e9\"|😀é",
                "boolean|true|true",
                "boolean|false|false",
                "Boolean|true|true",
                "byte|-128|-128",
                "Byte|127|127",
                "short|-32768|-32768",
                "Short|32767|32767",
                "int|0|0",
                "int|-0|0",
                "int|7|7",
                "int|2147483647|2147483647",
                "int|-2147483648|-2147483648",
                "Integer|12|12",
                "long|9007199254740993|9007199254740993",
                "long|9223372036854775807|9223372036854775807",
                "long|-9223372036854775808|-9223372036854775808",
                "Long|-1|-1",
                "double|2|2.0",
                "double|1e+21|1.0E21",
                "double|-1.5E-3|-0.0015",
                "double|-0|-0.0",
                "double|1e-999|0.0",
                "Double|0.1|0.1",
                "float|0.1|0.1",
                "Float|16777216|1.6777216E7",
                "char|\"x\"|x",
                "char|\"€\"|€",
            })
    void bindToTheirOwnTypes(String type, String json, @Nullable String expected) {
        var bound = bind(TYPES.get(type), json);

        assertThat(bound).isInstanceOf(Invocation.class);
        assertThat(String.valueOf(((Invocation) bound).arguments().get(0))).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "string|5",
                "string|true",
                "string|[\"a\"]",
                "string|{}",
                "boolean|0",
                "boolean|\"true\"",
                "boolean|null",
                "byte|128",
                "byte|-129",
                "byte|null",
                "short|32768",
                "short|null",
                "int|\"5\"",
                "int|1.0",
                "int|1e1",
                "int|1.5",
                "int|true",
                "int|2147483648",
                "int|-2147483649",
                "int|99999999999999999999999",
                "int|null",
                "Integer|\"\"",
                "Integer|1.0",
                "long|9223372036854775808",
                "long|-9223372036854775809",
                "long|10000000000000000000",
                "long|1e0",
                "long|null",
                "double|\"1\"",
                "double|\"NaN\"",
                "double|1e999",
                "double|-1e999",
                "double|null",
                "float|1e39",
                "float|null",
                "char|\"\"",
                "char|\"ab\"",
                "char|\"😀\"",
                "char|5",
                "char|null",
                "bytes|\"AQI\"",
                "bytes|\"A\"",
                "bytes|\"AQ*=\"",
                "bytes|[1]",
                "bytes|5",
            })
    void bindToNoOther(String type, String json) {
        assertThat(bind(TYPES.get(type), json)).isInstanceOf(BindingFailure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"string", "Boolean", "Byte", "Short", "Integer", "Long", "Float", "Double", "Character", "bytes"
            })
    void mayBeNullIfTheyAreObjects(String type) {
        assertThat(bind(TYPES.get(type), "null"))
                .isInstanceOfSatisfying(
                        Invocation.class, call -> assertThat(call.arguments()).containsExactly((Object) null));
    }

    @Test
    void mayBeSpace() {
        assertThat(bind(String.class, "\"\\b\\f\\n\\r\\t \\u001e\"")).isEqualTo(call("\b\f\n\r\t \u001E"));
        assertThat(bind(char.class, "\"\\n\"")).isEqualTo(call('\n'));
        assertThat(bind(Character.class, "\" \"")).isEqualTo(call(' '));
    }

    private static Invocation call(Object argument) {
        return new Invocation("M", List.of(argument));
    }

    @Test
    void areBytesIfTheyAreBase64() {
        for (var json : List.of("\"AQID/w==\"", "\"AQID\\/w==\"", "\"AQID/w\\u003D=\"")) {
            assertThat(bind(byte[].class, json))
                    .isInstanceOfSatisfying(
                            Invocation.class,
                            call -> assertThat(call.arguments().get(0)).isEqualTo(new byte[] {1, 2, 3, -1}));
        }
    }

    @Test
    void mayBeHalfOfASurrogatePair() {
        assertThat(bind(String.class, "\"x\\ud800y\""))
                .isInstanceOfSatisfying(
                        Invocation.class, call -> assertThat(call.arguments()).containsExactly("x\ud800y"));
    }

    private HubMessage bind(@Nullable Type type, String json) {
        var methods = new Methods().method("M", java.util.Objects.requireNonNull(type));
        var frame = "{\"type\":1,\"target\":\"M\",\"arguments\":[" + json + "]}";
        return protocol.read(ByteBuffer.wrap(frame.getBytes(UTF_8)), methods);
    }
}
