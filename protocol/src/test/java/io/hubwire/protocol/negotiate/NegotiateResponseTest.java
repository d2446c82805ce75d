package io.hubwire.protocol.negotiate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.negotiate.NegotiateResponse.Accepted;
import io.hubwire.protocol.negotiate.NegotiateResponse.Redirect;
import io.hubwire.protocol.negotiate.NegotiateResponse.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiateResponseTest {

    private static final String TRANSPORTS = "\"availableTransports\":["
            + "{\"transport\":\"WebSockets\",\"transferFormats\":[\"Text\",\"Binary\"]},"
            + "{\"transport\":\"ServerSentEvents\",\"transferFormats\":[\"Text\"]},"
            + "{\"transport\":\"LongPolling\",\"transferFormats\":[\"Text\",\"Binary\"]}]";

    private static final List<TransportType> ALL = List.of(TransportType.values());

    @Nested
    class Written {

        @Test
        void hasATokenFromVersionOneOn() {
            assertThat(text(new Accepted(false, 1, "id", "token", ALL)))
                    .isEqualTo("{\"negotiateVersion\":1,\"connectionId\":\"id\",\"connectionToken\":\"token\","
                            + TRANSPORTS + "}");
        }

        @Test
        void hasNoTokenBefore() {
            assertThat(text(new Accepted(false, 0, "id", "id", ALL)))
                    .isEqualTo("{\"negotiateVersion\":0,\"connectionId\":\"id\"," + TRANSPORTS + "}");
        }

        @Test
        void grantsStatefulReconnect() {
            assertThat(text(new Accepted(true, 1, "id", "token", List.of(TransportType.SERVER_SENT_EVENTS))))
                    .isEqualTo("{\"useStatefulReconnect\":true,\"negotiateVersion\":1,\"connectionId\":\"id\","
                            + "\"connectionToken\":\"token\",\"availableTransports\":["
                            + "{\"transport\":\"ServerSentEvents\",\"transferFormats\":[\"Text\"]}]}");
        }

        @Test
        void redirects() {
            assertThat(text(new Redirect("https://a/b?c=\"d\"", "secret")))
                    .isEqualTo("{\"negotiateVersion\":0,\"url\":\"https://a/b?c=\\\"d\\\"\",\"accessToken\":\"secret\","
                            + "\"availableTransports\":[]}");
            assertThat(text(new Redirect("u", null)))
                    .isEqualTo("{\"negotiateVersion\":0,\"url\":\"u\",\"availableTransports\":[]}");
        }

        @Test
        void refuses() {
            assertThat(text(new Refused("The client requested a non-integer protocol version.")))
                    .isEqualTo("{\"error\":\"The client requested a non-integer protocol version.\"}");
        }
    }

    @Nested
    class Read {

        @Test
        void isWhatWasWritten() {
            for (var response : List.of(
                    new Accepted(true, 1, "id", "token", ALL),
                    new Accepted(false, 0, "id", "id", List.of()),
                    new Redirect("u", "t"),
                    new Redirect("u", null),
                    new Refused("no"))) {
                assertThat(NegotiateResponse.read(response.write())).isEqualTo(response);
            }
        }

        @Test
        void toleratesWhatIsNew() {
            assertThat(read("{\"connectionId\":\"i\",\"new\":[1],\"availableTransports\":["
                            + "{\"transferFormats\":[],\"transport\":\"Pigeons\"},"
                            + "{\"transferFormats\":[],\"transport\":\"LongPolling\"}]}"))
                    .isEqualTo(new Accepted(false, 0, "i", "i", List.of(TransportType.LONG_POLLING)));
        }

        @Test
        void knowsTheClassicServer() {
            assertThat(read("{\"Url\":\"/signalr\",\"ProtocolVersion\":\"1.5\"}"))
                    .isEqualTo(new Refused(
                            "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports"
                                    + " connecting to an ASP.NET Core SignalR Server. See"
                                    + " https://aka.ms/signalr-core-differences for details."));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{}|Missing required property 'connectionId'.",
                    "{\"connectionId\":\"i\"}|Missing required property 'availableTransports'.",
                    "{\"connectionId\":\"i\",\"negotiateVersion\":1,\"availableTransports\":[]}|"
                            + "Missing required property 'connectionToken'.",
                    "{\"connectionId\":1}|Expected 'connectionId' to be of type String.",
                    "{\"negotiateVersion\":\"1\"}|Expected 'negotiateVersion' to be of type Number.",
                    "{\"useStatefulReconnect\":1}|Expected 'useStatefulReconnect' to be true or false.",
                    "{\"availableTransports\":{}}|Expected 'availableTransports' to be of type Array.",
                    "{\"availableTransports\":[1]}|Expected a transport to be of type Object.",
                    "{\"availableTransports\":[{}]}|Missing required property 'transport'.",
                    "[]|Unexpected JSON Token Type 'Array'. Expected a JSON Object.",
                    "<html>|Unexpected byte 0x3C at 0",
                })
        void saysWhatIsWrong(String text, String reason) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("Invalid negotiation response received.")
                    .hasRootCauseMessage(reason);
        }
    }

    @Test
    void keepsSecretsToItself() {
        assertThat(new Accepted(true, 1, "id", "secret", ALL).toString()).doesNotContain("secret");
        assertThat(new Redirect("https://a/?t=secret", "secret").toString()).doesNotContain("secret");
    }

    @Test
    void findsWireNames() {
        for (var transport : TransportType.values()) {
            assertThat(TransportType.ofWireName(transport.wireName())).contains(transport);
        }
        for (var format : TransferFormat.values()) {
            assertThat(TransferFormat.ofWireName(format.wireName())).contains(format);
        }
        assertThat(TransportType.ofWireName("webSockets")).isEmpty();
        assertThat(TransferFormat.ofWireName("text")).isEmpty();
    }

    private static NegotiateResponse read(String text) {
        return NegotiateResponse.read(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static String text(NegotiateResponse response) {
        return UTF_8.decode(response.write()).toString();
    }
}
