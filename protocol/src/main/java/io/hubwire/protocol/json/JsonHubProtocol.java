package io.hubwire.protocol.json;

import io.hubwire.protocol.Framing;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.internal.json.JsonCursor;
import io.hubwire.protocol.internal.json.JsonCursor.Malformed;
import io.hubwire.protocol.internal.parts.Names;
import java.nio.ByteBuffer;

/** The {@code json} dialect: one JSON object for each message. */
public final class JsonHubProtocol implements HubProtocol {

    private final PayloadMapper mapper;
    private final JsonMessageWriter writer;
    private final Names targets = new Names();

    /** Creates the dialect; values other than strings, numbers and booleans are the mapper's. */
    public JsonHubProtocol(PayloadMapper mapper) {
        this.mapper = mapper;
        this.writer = new JsonMessageWriter(mapper);
    }

    @Override
    public String name() {
        return "json";
    }

    @Override
    public boolean supports(int version) {
        return version <= 2;
    }

    @Override
    public TransferFormat transferFormat() {
        return TransferFormat.TEXT;
    }

    @Override
    public Framing framing() {
        return Framing.RECORD_SEPARATOR;
    }

    @Override
    public HubMessage read(ByteBuffer frame, InvocationBinder binder) {
        try {
            return new JsonMessageReader(JsonCursor.over(frame), binder, mapper, targets).read();
        } catch (Malformed notJson) {
            throw new ProtocolException("Error reading JSON.", notJson);
        }
    }

    @Override
    public ByteBuffer write(HubMessage message) {
        return writer.write(message);
    }
}
