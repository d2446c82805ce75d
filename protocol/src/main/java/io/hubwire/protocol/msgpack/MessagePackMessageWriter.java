package io.hubwire.protocol.msgpack;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Ack;
import io.hubwire.protocol.HubMessage.BindingFailure;
import io.hubwire.protocol.HubMessage.CancelInvocation;
import io.hubwire.protocol.HubMessage.Close;
import io.hubwire.protocol.HubMessage.Completion;
import io.hubwire.protocol.HubMessage.CompletionBindingFailure;
import io.hubwire.protocol.HubMessage.Invocation;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.protocol.HubMessage.Ping;
import io.hubwire.protocol.HubMessage.Sequence;
import io.hubwire.protocol.HubMessage.StreamBindingFailure;
import io.hubwire.protocol.HubMessage.StreamInvocation;
import io.hubwire.protocol.HubMessage.StreamItem;
import io.hubwire.protocol.HubMessage.Unknown;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.internal.msgpack.MessagePackWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes messages with as many items as the reference. */
final class MessagePackMessageWriter {

    private static final int INVOCATION = 1;
    private static final int STREAM_ITEM = 2;
    private static final int COMPLETION = 3;
    private static final int STREAM_INVOCATION = 4;
    private static final int CANCEL_INVOCATION = 5;
    private static final int CLOSE = 7;
    private static final int ACK = 8;
    private static final int SEQUENCE = 9;

    private static final int FAILURE = 1;
    private static final int NOTHING = 2;
    private static final int VALUE = 3;

    /** The length, an array of one, the type: the form is that of {@link HubMessage.Ping}. */
    private static final byte[] PING = {2, (byte) 0x91, 6};

    /** Room for what stands around ids, targets and values. */
    private static final int ENVELOPE = 24;

    private static final int SOME_NUMBER = 10;
    private static final int SOME_OBJECT = 96;

    private final PayloadMapper mapper;

    MessagePackMessageWriter(PayloadMapper mapper) {
        this.mapper = mapper;
    }

    ByteBuffer write(HubMessage message) {
        return switch (message) {
            case Completion end -> completion(end);
            case Invocation call -> invocation(call);
            case StreamItem next -> streamItem(next);
            case Ping ping -> ByteBuffer.wrap(PING.clone());
            case StreamInvocation call -> streamInvocation(call);
            case CancelInvocation stop ->
                pack(stop.invocationId().length(), 3)
                        .integer(CANCEL_INVOCATION)
                        .map(0)
                        .string(stop.invocationId())
                        .frame();
            case Close close -> close(close);
            case Ack ack -> pack(0, 2).integer(ACK).integer(ack.sequenceId()).frame();
            case Sequence sequence ->
                pack(0, 2).integer(SEQUENCE).integer(sequence.sequenceId()).frame();
            case BindingFailure failure -> throw readOnly(failure);
            case StreamBindingFailure failure -> throw readOnly(failure);
            case CompletionBindingFailure failure -> throw readOnly(failure);
            case Unknown unknown -> throw readOnly(unknown);
        };
    }

    private ByteBuffer completion(Completion end) {
        var id = end.invocationId();
        return switch (end.outcome()) {
            case Outcome.Value result -> {
                var pack = completion(id, estimate(result.value()), 5).integer(VALUE);
                value(pack, result.value());
                yield pack.frame();
            }
            case Outcome.Nothing nothing ->
                completion(id, 0, 4).integer(NOTHING).frame();
            case Outcome.Failure failure ->
                completion(id, failure.message().length(), 5)
                        .integer(FAILURE)
                        .string(failure.message())
                        .frame();
        };
    }

    private static MessagePackWriter completion(String id, int size, int items) {
        return pack(id.length() + size, items).integer(COMPLETION).map(0).string(id);
    }

    private ByteBuffer invocation(Invocation call) {
        var pack = pack(estimate(call.target(), call.arguments()), 6).integer(INVOCATION);
        headers(pack, call.headers());
        var id = call.invocationId();
        if (id == null) {
            pack.nothing();
        } else {
            pack.string(id);
        }
        return call(pack, call.target(), call.arguments(), call.streamIds());
    }

    private ByteBuffer streamInvocation(StreamInvocation call) {
        var pack = pack(estimate(call.target(), call.arguments()), 6).integer(STREAM_INVOCATION);
        headers(pack, call.headers());
        pack.string(call.invocationId());
        return call(pack, call.target(), call.arguments(), call.streamIds());
    }

    private ByteBuffer call(
            MessagePackWriter pack, String target, List<@Nullable Object> arguments, List<String> streamIds) {
        int count = arguments.size();
        pack.string(target).array(count);
        for (int i = 0; i < count; i++) {
            value(pack, arguments.get(i));
        }
        pack.array(streamIds.size());
        streamIds.forEach(pack::string);
        return pack.frame();
    }

    private static void headers(MessagePackWriter pack, Map<String, String> headers) {
        pack.map(headers.size());
        headers.forEach((name, value) -> pack.string(name).string(value));
    }

    private ByteBuffer streamItem(StreamItem next) {
        var id = next.invocationId();
        var pack = pack(id.length() + estimate(next.item()), 4)
                .integer(STREAM_ITEM)
                .map(0)
                .string(id);
        value(pack, next.item());
        return pack.frame();
    }

    private static ByteBuffer close(Close close) {
        var error = close.error();
        var pack = pack(error == null ? 0 : error.length(), 3).integer(CLOSE);
        if (error == null) {
            pack.nothing();
        } else {
            pack.string(error);
        }
        return pack.bool(close.allowReconnect()).frame();
    }

    private void value(MessagePackWriter pack, @Nullable Object value) {
        if (value instanceof String text) {
            pack.string(text);
        } else if (value == null) {
            pack.nothing();
        } else if (value instanceof Integer number) {
            pack.integer(number);
        } else if (value instanceof Boolean bool) {
            pack.bool(bool);
        } else if (value instanceof Long number) {
            pack.integer(number);
        } else if (value instanceof Double number) {
            pack.number((double) number);
        } else {
            rareValue(pack, value);
        }
    }

    private void rareValue(MessagePackWriter pack, Object value) {
        switch (value) {
            case Float number -> pack.number((float) number);
            case Short number -> pack.integer(number);
            case Byte number -> pack.integer(number);
            case Character character -> pack.string(character.toString());
            case byte[] bytes -> pack.binary(bytes, 0, bytes.length);
            default -> mapped(pack, value);
        }
    }

    private void mapped(MessagePackWriter pack, Object value) {
        try {
            mapper.write(value, pack);
        } catch (IOException fromNowhere) {
            throw new UncheckedIOException(fromNowhere);
        }
    }

    private static int estimate(String target, List<@Nullable Object> arguments) {
        int size = target.length();
        int count = arguments.size();
        for (int i = 0; i < count; i++) {
            size += estimate(arguments.get(i));
        }
        return size;
    }

    /** Guesses how long a value will be: right for text of ASCII, generous for what is short. */
    private static int estimate(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length() + 5;
        }
        if (value instanceof byte[] bytes) {
            return bytes.length + 5;
        }
        return value == null || value instanceof Number || value instanceof Boolean ? SOME_NUMBER : SOME_OBJECT;
    }

    private static MessagePackWriter pack(int variable, int items) {
        return new MessagePackWriter(ENVELOPE + variable).array(items);
    }

    private static IllegalArgumentException readOnly(HubMessage message) {
        return new IllegalArgumentException("message: " + message + " (expected: one that can be sent)");
    }
}
