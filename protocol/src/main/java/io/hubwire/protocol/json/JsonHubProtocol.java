package io.hubwire.protocol.json;

import io.hubwire.protocol.Framing;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.TransferFormat;
import java.nio.ByteBuffer;

/** The {@code json} dialect: one JSON object for each message. */
public final class JsonHubProtocol implements HubProtocol {

    private final PayloadMapper mapper;

    /** Creates the dialect; values other than strings, numbers and booleans are the mapper's. */
    public JsonHubProtocol(PayloadMapper mapper) {
        this.mapper = mapper;
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
        throw new UnsupportedOperationException(mapper.toString());
    }

    @Override
    public ByteBuffer write(HubMessage message) {
        throw new UnsupportedOperationException(mapper.toString());
    }
}
