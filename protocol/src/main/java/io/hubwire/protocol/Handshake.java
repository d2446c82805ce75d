package io.hubwire.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.protocol.internal.json.JsonCursor;
import io.hubwire.protocol.internal.json.JsonCursor.Kind;
import io.hubwire.protocol.internal.json.JsonCursor.Malformed;
import io.hubwire.protocol.internal.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first exchange on every connection: JSON, whatever dialect is agreed on. */
public final class Handshake {

    private static final byte[] OK = {'{', '}', Framing.SEPARATOR};
    private static final byte[] PROTOCOL = "{\"protocol\":".getBytes(ISO_8859_1);
    private static final byte[] VERSION = ",\"version\":".getBytes(ISO_8859_1);
    private static final byte[] ERROR = "{\"error\":".getBytes(ISO_8859_1);
    private static final byte[] END = {'}', Framing.SEPARATOR};

    private Handshake() {}

    /**
     * Reads what a client says first.
     *
     * @param frame one frame of {@link Framing#RECORD_SEPARATOR}, without its separator
     * @return the request
     * @throws ProtocolException if it is no handshake request, with the reference's text
     */
    public static HandshakeRequest parse(ByteBuffer frame) {
        try {
            return request(enter(frame), frame);
        } catch (Malformed notJson) {
            throw new ProtocolException("Error reading JSON.", notJson);
        }
    }

    private static HandshakeRequest request(JsonCursor cursor, ByteBuffer frame) {
        String protocol = null;
        Integer version = null;
        while (cursor.nextMember()) {
            switch (cursor.name()) {
                case "protocol" -> protocol = string(cursor, "protocol");
                case "version" -> version = version(cursor);
                default -> cursor.skip();
            }
        }
        cursor.finish();
        return new HandshakeRequest(required(protocol, "protocol", frame), required(version, "version", frame));
    }

    /**
     * Writes what a client says first.
     *
     * @return the request with its separator
     */
    public static ByteBuffer write(HandshakeRequest request) {
        return new JsonWriter(48)
                .raw(PROTOCOL)
                .string(request.protocol())
                .raw(VERSION)
                .integer(request.version())
                .raw(END)
                .buffer();
    }

    /**
     * Writes the server's consent.
     *
     * @return the response with its separator, in an array of the caller's own
     */
    public static ByteBuffer ok() {
        return ByteBuffer.wrap(OK.clone());
    }

    /**
     * Writes the server's refusal.
     *
     * @param text why; the client shows it
     * @return the response with its separator, in an array of the caller's own
     */
    public static ByteBuffer error(String text) {
        return new JsonWriter(text.length() + 24)
                .raw(ERROR)
                .string(text)
                .raw(END)
                .buffer();
    }

    /**
     * Reads the server's answer.
     *
     * @param frame one frame of {@link Framing#RECORD_SEPARATOR}, without its separator
     * @return why the server refuses, or empty if it consents
     * @throws ProtocolException if it is no handshake response
     */
    public static Optional<String> parseResponse(ByteBuffer frame) {
        try {
            return response(enter(frame));
        } catch (Malformed notJson) {
            throw new ProtocolException("Error reading JSON.", notJson);
        }
    }

    private static Optional<String> response(JsonCursor cursor) {
        String error = null;
        while (cursor.nextMember()) {
            switch (cursor.name()) {
                case "error" -> error = string(cursor, "error");
                case "type" -> throw new ProtocolException("Expected a handshake response from the server.");
                default -> cursor.skip();
            }
        }
        cursor.finish();
        return Optional.ofNullable(error);
    }

    private static JsonCursor enter(ByteBuffer frame) {
        var cursor = JsonCursor.over(frame);
        var kind = cursor.begin();
        if (kind != Kind.OBJECT) {
            throw new ProtocolException("Unexpected JSON Token Type '" + kind.text() + "'. Expected a JSON Object.");
        }
        return cursor;
    }

    private static String string(JsonCursor cursor, String name) {
        if (cursor.kind() != Kind.STRING) {
            throw new ProtocolException("Expected '" + name + "' to be of type String.");
        }
        return cursor.string();
    }

    private static @Nullable Integer version(JsonCursor cursor) {
        var kind = cursor.kind();
        if (kind == Kind.NULL) {
            cursor.skip();
            return null;
        }
        if (kind != Kind.NUMBER) {
            throw new ProtocolException("Expected 'version' to be of type Number.");
        }
        if (!cursor.passInteger() || cursor.integer() != (int) cursor.integer()) {
            throw new ProtocolException("Expected 'version' to be a 32-bit integer.");
        }
        return (int) cursor.integer();
    }

    private static <T> T required(@Nullable T value, String name, ByteBuffer frame) {
        if (value == null) {
            throw new ProtocolException(
                    "Missing required property '" + name + "'. Message content: " + UTF_8.decode(frame.duplicate()));
        }
        return value;
    }
}
