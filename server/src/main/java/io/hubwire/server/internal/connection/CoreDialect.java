package io.hubwire.server.internal.connection;

import io.hubwire.protocol.FrameReader;
import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.server.internal.outbox.Dialect;
import io.hubwire.server.internal.outbox.Outbox;
import io.hubwire.server.spi.Message;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The dialect of one hub protocol of ASP.NET Core: messages stand one after the other in a frame. */
final class CoreDialect implements Dialect {

    private final HubProtocol protocol;
    private final Outbox.Item ping;

    CoreDialect(HubProtocol protocol) {
        this.protocol = protocol;
        this.ping = Outbox.Item.unnumbered(protocol.write(HubMessage.Ping.PING));
    }

    /** One ping for everyone. */
    Outbox.Item ping() {
        return ping;
    }

    HubProtocol protocol() {
        return protocol;
    }

    @Override
    public String name() {
        return protocol.name();
    }

    @Override
    public ByteBuffer encode(Message.Call call) {
        return protocol.write(new HubMessage.Invocation(null, call.target(), call.arguments(), List.of(), Map.of()));
    }

    @Override
    public ByteBuffer question(String id, Message.Call call) {
        return protocol.write(new HubMessage.Invocation(id, call.target(), call.arguments(), List.of(), Map.of()));
    }

    @Override
    public ByteBuffer answer(HubMessage.Completion answer) {
        return protocol.write(answer);
    }

    @Override
    public HubMessage readAnswer(ByteBuffer answer, Type type) {
        List<HubMessage> read = new ArrayList<>(1);
        new FrameReader(protocol.framing(), 0)
                .read(answer.duplicate(), frame -> read.add(protocol.read(frame, new AnswerBinder(type))));
        return read.getFirst();
    }

    @Override
    public boolean concatenates() {
        return true;
    }

    @Override
    public ByteBuffer frame(Waiting waiting) {
        if (waiting.size() == 1) {
            return waiting.next();
        }
        byte[] frame = new byte[waiting.bytes()];
        int end = 0;
        for (int i = 0; i < waiting.size(); i++) {
            ByteBuffer message = waiting.next();
            message.get(message.position(), frame, end, message.remaining());
            end += message.remaining();
        }
        return ByteBuffer.wrap(frame);
    }

    /** Knows the type of one result and nothing else. */
    private record AnswerBinder(Type type) implements InvocationBinder {

        @Override
        public Optional<Target> target(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Type> itemType(String invocationId) {
            return Optional.empty();
        }

        @Override
        public Optional<Type> resultType(String invocationId) {
            return Optional.of(type);
        }
    }
}
