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
            return new Refused(settings.texts().handshakeFailed(malformed));
        }
        return settings.dialect(request.protocol())
                .map(dialect -> accept(request, dialect, pipe))
                .orElseGet(() -> new Refused(ErrorTexts.unknownProtocol(request.protocol())));
    }

    private static Result accept(HandshakeRequest request, CoreDialect dialect, Pipe pipe) {
        HubProtocol protocol = dialect.protocol();
        if (!protocol.supports(request.version())) {
            return new Refused(ErrorTexts.unknownVersion(request.protocol(), request.version()));
        }
        if (!pipe.carries(protocol.transferFormat())) {
            return new Refused(ErrorTexts.wrongFormat(
                    request.protocol(), protocol.transferFormat().wireName()));
        }
        return new Agreed(dialect, request.version());
    }

    /** What became of a handshake. */
    sealed interface Result {}

    /** Both speak {@code version} of {@code dialect} from here on. */
    record Agreed(CoreDialect dialect, int version) implements Result {}

    /** The connection ends, and the client is told why. */
    record Refused(String error) implements Result {}
}
