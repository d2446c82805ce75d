package io.hubwire.server.internal.connection;

import io.hubwire.protocol.Handshake;
import io.hubwire.protocol.HandshakeRequest;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.spi.Pipe;
import java.nio.ByteBuffer;

/** The first message of a client: which protocol it wants to speak, and what it is told. */
final class HandshakeStep {

    private HandshakeStep() {}

    /** Decides on one whole handshake request. */
    static Result take(ByteBuffer frame, HubConnection.Settings settings, Pipe pipe) {
        HandshakeRequest request;
        try {
            request = Handshake.parse(frame);
        } catch (ProtocolException malformed) {
            return refused(settings.texts().handshakeFailed(malformed));
        }
        return settings.dialect(request.protocol())
                .map(dialect -> accept(request, dialect, pipe))
                .orElseGet(() -> refused(ErrorTexts.unknownProtocol(request.protocol())));
    }

    private static Result accept(HandshakeRequest request, CoreDialect dialect, Pipe pipe) {
        HubProtocol protocol = dialect.protocol();
        if (!protocol.supports(request.version())) {
            return refused(ErrorTexts.unknownVersion(request.protocol(), request.version()));
        }
        if (!pipe.carries(protocol.transferFormat())) {
            return refused(ErrorTexts.wrongFormat(
                    request.protocol(), protocol.transferFormat().wireName()));
        }
        return new Agreed(dialect);
    }

    /** The answer to a handshake that does not come, or not in time, or is too long. */
    static ByteBuffer canceled() {
        return Handshake.error(ErrorTexts.HANDSHAKE_CANCELED);
    }

    private static Refused refused(String text) {
        return new Refused(Handshake.error(text));
    }

    /** What became of a handshake. */
    sealed interface Result {}

    /** Both speak {@code dialect} from here on. */
    record Agreed(CoreDialect dialect) implements Result {}

    /** The connection ends with this response. */
    record Refused(ByteBuffer response) implements Result {}
}
