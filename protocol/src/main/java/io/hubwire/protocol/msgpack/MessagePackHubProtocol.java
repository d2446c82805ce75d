package io.hubwire.protocol.msgpack;

import io.hubwire.protocol.Framing;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.TransferFormat;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor.Malformed;
import io.hubwire.protocol.internal.parts.Names;
import java.nio.ByteBuffer;

/** The {@code messagepack} dialect: one MessagePack array for each message. */
public final class MessagePackHubProtocol implements HubProtocol {

    private final PayloadMapper mapper;
    private final MessagePackMessageWriter writer;
    private final Names targets = new Names();

    /** Creates the dialect; values other than strings, numbers, booleans and bytes are the mapper's. */
    public MessagePackHubProtocol(PayloadMapper mapper) {
        this.mapper = mapper;
        this.writer = new MessagePackMessageWriter(mapper);
    }

    @Override
    public String name() {
        return "messagepack";
    }

    @Override
    public boolean supports(int version) {
        return version <= 2;
    }

    @Override
    public TransferFormat transferFormat() {
        return TransferFormat.BINARY;
    }

    @Override
    public Framing framing() {
        return Framing.LENGTH_PREFIX;
    }

    @Override
    public HubMessage read(ByteBuffer frame, InvocationBinder binder) {
        try {
            return new MessagePackMessageReader(MessagePackCursor.over(frame), binder, mapper, targets).read();
        } catch (Malformed notMessagePack) {
            throw new ProtocolException("Error reading MessagePack.", notMessagePack);
        }
    }

    @Override
    public ByteBuffer write(HubMessage message) {
        return writer.write(message);
    }
}
