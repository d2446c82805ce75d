package io.hubwire.benchmarks.micro;

import io.hubwire.payload.jackson.JacksonPayload;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.json.JsonHubProtocol;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;

/** JSON, its messages standing one after the other in a frame, as for clients of ASP.NET Core. */
final class JsonDialect implements Dialect {

    private final HubProtocol protocol = new JsonHubProtocol(JacksonPayload.create());

    @Override
    public String name() {
        return protocol.name();
    }

    @Override
    public ByteBuffer encode(Message.Call call) {
        return protocol.write(new HubMessage.Invocation(call.target(), call.arguments()));
    }

    @Override
    public ByteBuffer frame(Waiting waiting) {
        if (waiting.size() == 1) {
            return waiting.next();
        }
        ByteBuffer frame = ByteBuffer.allocate(waiting.bytes());
        for (int i = 0; i < waiting.size(); i++) {
            frame.put(waiting.next());
        }
        return frame.flip();
    }
}
