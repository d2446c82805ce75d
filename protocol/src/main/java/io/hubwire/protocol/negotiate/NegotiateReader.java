package io.hubwire.protocol.negotiate;

import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.internal.json.JsonCursor;
import io.hubwire.protocol.internal.json.JsonCursor.Kind;
import io.hubwire.protocol.internal.json.JsonCursor.Malformed;
import io.hubwire.protocol.negotiate.NegotiateResponse.Accepted;
import io.hubwire.protocol.negotiate.NegotiateResponse.Redirect;
import io.hubwire.protocol.negotiate.NegotiateResponse.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One response that is being read: its members so far. */
final class NegotiateReader {

    private static final String CLASSIC = "Detected a connection attempt to an ASP.NET SignalR Server. This client only"
            + " supports connecting to an ASP.NET Core SignalR Server. See https://aka.ms/signalr-core-differences for"
            + " details.";

    private final JsonCursor cursor;

    private boolean useStatefulReconnect;
    private long version;
    private @Nullable String url;
    private @Nullable String accessToken;
    private @Nullable String connectionId;
    private @Nullable String connectionToken;
    private @Nullable String error;
    private @Nullable List<TransportType> transports;

    private NegotiateReader(JsonCursor cursor) {
        this.cursor = cursor;
    }

    static NegotiateResponse read(ByteBuffer body) {
        try {
            return new NegotiateReader(JsonCursor.over(body)).response();
        } catch (Malformed | ProtocolException invalid) {
            throw new ProtocolException("Invalid negotiation response received.", invalid);
        }
    }

    private NegotiateResponse response() {
        var kind = cursor.begin();
        if (kind != Kind.OBJECT) {
            throw new ProtocolException("Unexpected JSON Token Type '" + kind.text() + "'. Expected a JSON Object.");
        }
        while (cursor.nextMember()) {
            member(cursor.name());
        }
        cursor.finish();
        if (error != null) {
            return new Refused(error);
        }
        return url != null ? new Redirect(url, accessToken) : accepted();
    }

    private Accepted accepted() {
        var id = required(connectionId, "connectionId");
        var token = version > 0 ? required(connectionToken, "connectionToken") : id;
        return new Accepted(
                useStatefulReconnect, (int) version, id, token, required(transports, "availableTransports"));
    }

    private void member(String name) {
        switch (name) {
            case "useStatefulReconnect" -> useStatefulReconnect = bool(name);
            case "negotiateVersion" -> version = integer(name);
            case "url" -> url = string(name);
            case "accessToken" -> accessToken = string(name);
            case "connectionId" -> connectionId = string(name);
            case "connectionToken" -> connectionToken = string(name);
            case "availableTransports" -> transports = transports(name);
            case "error" -> error = string(name);
            case "ProtocolVersion" -> {
                cursor.skip();
                error = CLASSIC;
            }
            default -> cursor.skip();
        }
    }

    private boolean bool(String name) {
        var kind = cursor.kind();
        cursor.skip();
        if (kind != Kind.TRUE && kind != Kind.FALSE) {
            throw new ProtocolException("Expected '" + name + "' to be true or false.");
        }
        return kind == Kind.TRUE;
    }

    private long integer(String name) {
        if (cursor.kind() != Kind.NUMBER || !cursor.passInteger() || cursor.integer() != (int) cursor.integer()) {
            throw new ProtocolException("Expected '" + name + "' to be of type Number.");
        }
        return cursor.integer();
    }

    private @Nullable String string(String name) {
        return switch (cursor.kind()) {
            case STRING -> cursor.string();
            case NULL -> {
                cursor.skip();
                yield null;
            }
            case OBJECT, ARRAY, NUMBER, TRUE, FALSE ->
                throw new ProtocolException("Expected '" + name + "' to be of type String.");
        };
    }

    private List<TransportType> transports(String name) {
        if (cursor.kind() != Kind.ARRAY) {
            throw new ProtocolException("Expected '" + name + "' to be of type Array.");
        }
        var known = new ArrayList<TransportType>();
        cursor.enterArray();
        while (cursor.nextElement()) {
            TransportType.ofWireName(transport()).ifPresent(known::add);
        }
        return List.copyOf(known);
    }

    private String transport() {
        if (cursor.kind() != Kind.OBJECT) {
            throw new ProtocolException("Expected a transport to be of type Object.");
        }
        String transport = null;
        cursor.enterObject();
        while (cursor.nextMember()) {
            if (cursor.name().equals("transport")) {
                transport = string("transport");
            } else {
                cursor.skip();
            }
        }
        return required(transport, "transport");
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new ProtocolException("Missing required property '" + name + "'.");
        }
        return value;
    }
}
