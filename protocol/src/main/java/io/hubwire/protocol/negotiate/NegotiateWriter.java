package io.hubwire.protocol.negotiate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.internal.json.JsonWriter;
import io.hubwire.protocol.negotiate.NegotiateResponse.Accepted;
import io.hubwire.protocol.negotiate.NegotiateResponse.Redirect;
import io.hubwire.protocol.negotiate.NegotiateResponse.Refused;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes responses with their members in the order of the reference. */
final class NegotiateWriter {

    private NegotiateWriter() {}

    static ByteBuffer write(NegotiateResponse response) {
        return switch (response) {
            case Accepted accepted -> accepted(accepted);
            case Redirect redirect -> redirect(redirect);
            case Refused refused -> refused(refused);
        };
    }

    private static ByteBuffer accepted(Accepted accepted) {
        var json = new JsonWriter(384);
        piece(json, accepted.useStatefulReconnect() ? "{\"useStatefulReconnect\":true," : "{");
        piece(json, "\"negotiateVersion\":").integer(accepted.version());
        piece(json, ",\"connectionId\":").string(accepted.connectionId());
        if (accepted.version() > 0) {
            piece(json, ",\"connectionToken\":").string(accepted.connectionToken());
        }
        return transports(json, accepted.transports());
    }

    private static ByteBuffer redirect(Redirect redirect) {
        var json = new JsonWriter(384);
        piece(json, "{\"negotiateVersion\":0,\"url\":").string(redirect.url());
        var accessToken = redirect.accessToken();
        if (accessToken != null) {
            piece(json, ",\"accessToken\":").string(accessToken);
        }
        return transports(json, List.of());
    }

    private static ByteBuffer refused(Refused refused) {
        var json = new JsonWriter(128);
        piece(json, "{\"error\":").string(refused.error());
        return json.raw('}').buffer();
    }

    private static ByteBuffer transports(JsonWriter json, List<TransportType> transports) {
        piece(json, ",\"availableTransports\":[");
        var separator = "";
        for (var transport : transports) {
            piece(json, separator + "{\"transport\":").string(transport.wireName());
            piece(json, ",\"transferFormats\":[");
            formats(json, transport.transferFormats());
            piece(json, "]}");
            separator = ",";
        }
        return piece(json, "]}").buffer();
    }

    private static void formats(JsonWriter json, List<TransferFormat> formats) {
        var separator = "";
        for (var format : formats) {
            piece(json, separator).string(format.wireName());
            separator = ",";
        }
    }

    private static JsonWriter piece(JsonWriter json, String text) {
        return json.raw(text.getBytes(ISO_8859_1));
    }
}
