package io.hubwire.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {

    @Nested
    class Requests {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"protocol\":\"json\",\"version\":1}|json|1",
                    " { \"version\" : -2 , \"protocol\" : \"JSON\" } |JSON|-2",
                    "{\"protocol\":\"json\",\"x\":{\"protocol\":[1,{}]},\"version\":1}|json|1",
                    "{\"protocol\":\"xml\",\"version\":9,\"protocol\":\"json\",\"version\":2}|json|2",
                    "{\"Protocol\":1,\"protocol\":\"json\",\"Version\":\"x\",\"version\":0}|json|0",
                    "{\"pr\\u006ftocol\":\"m\\u0073g\",\"version\":2147483647}|msg|2147483647",
                    "{\"protocol\":\"\",\"version\":1}||1",
                })
        void areRead(String text, String protocol, int version) {
            assertThat(Handshake.parse(frame(text)))
                    .isEqualTo(new HandshakeRequest(protocol == null ? "" : protocol, version));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"version\":1}|Missing required property 'protocol'. Message content: {\"version\":1}",
                    "{}|Missing required property 'protocol'. Message content: {}",
                    "{\"protocol\":\"ü\"}|Missing required property 'version'. Message content: {\"protocol\":\"ü\"}",
                    "{\"protocol\":\"json\",\"version\":null}|"
                            + "Missing required property 'version'. Message content: {\"protocol\":\"json\",\"version\":null}",
                    "[1]|Unexpected JSON Token Type 'Array'. Expected a JSON Object.",
                    "5|Unexpected JSON Token Type 'Number'. Expected a JSON Object.",
                    "\"x\"|Unexpected JSON Token Type 'String'. Expected a JSON Object.",
                    "true|Unexpected JSON Token Type 'True'. Expected a JSON Object.",
                    "false|Unexpected JSON Token Type 'False'. Expected a JSON Object.",
                    "null|Unexpected JSON Token Type 'Null'. Expected a JSON Object.",
                    "{\"protocol\":5,\"version\":1}|Expected 'protocol' to be of type String.",
                    "{\"protocol\":null,\"version\":1}|Expected 'protocol' to be of type String.",
                    "{\"protocol\":\"json\",\"version\":\"1\"}|Expected 'version' to be of type Number.",
                    "{\"protocol\":\"json\",\"version\":true}|Expected 'version' to be of type Number.",
                    "{\"protocol\":\"json\",\"version\":1.5}|Expected 'version' to be a 32-bit integer.",
                    "{\"protocol\":\"json\",\"version\":3000000000}|Expected 'version' to be a 32-bit integer.",
                })
        void areRefusedInTheReferencesWords(String text, String message) {
            assertThatThrownBy(() -> Handshake.parse(frame(text)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage(message);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "hello",
                    "",
                    "{",
                    "{\"protocol\":\"json\",\"version\":1",
                    "{\"protocol\":\"json\",\"version\":1}}",
                    "{\"protocol\":\"json\",\"version\":01}",
                    "\uFEFF{\"protocol\":\"json\",\"version\":1}",
                    "truth",
                })
        void areRefusedIfTheyAreNotJson(String text) {
            assertThatThrownBy(() -> Handshake.parse(frame(text)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("Error reading JSON.");
        }

        @Test
        void mayLieOutsideAnyArray() {
            var frame = frame("{\"version\":1}").asReadOnlyBuffer();

            assertThatThrownBy(() -> Handshake.parse(frame)).hasMessageEndingWith("Message content: {\"version\":1}");
        }

        @Test
        void areWritten() {
            assertThat(text(Handshake.write(new HandshakeRequest("json", 1))))
                    .isEqualTo("{\"protocol\":\"json\",\"version\":1}\u001E");
        }
    }

    @Nested
    class Responses {

        @Test
        void consentInThreeBytes() {
            assertThat(Handshake.ok().array()).containsExactly(0x7B, 0x7D, 0x1E);
            assertThat(Handshake.ok().array()).isNotSameAs(Handshake.ok().array());
        }

        @Test
        void refuseWithAnError() {
            assertThat(text(Handshake.error("The protocol 'a\"b' is not supported.")))
                    .isEqualTo("{\"error\":\"The protocol 'a\\\"b' is not supported.\"}\u001E");
        }

        @Test
        void areRead() {
            assertThat(Handshake.parseResponse(frame("{}"))).isEmpty();
            assertThat(Handshake.parseResponse(frame("{\"minorVersion\":1}"))).isEmpty();
            assertThat(Handshake.parseResponse(frame("{\"error\":\"no\"}"))).contains("no");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"type\":6}|Expected a handshake response from the server.",
                    "{\"error\":1}|Expected 'error' to be of type String.",
                    "[]|Unexpected JSON Token Type 'Array'. Expected a JSON Object.",
                    "x|Error reading JSON.",
                })
        void areRefused(String text, String message) {
            assertThatThrownBy(() -> Handshake.parseResponse(frame(text)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage(message);
        }
    }

    private static ByteBuffer frame(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
