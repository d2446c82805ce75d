package io.hubwire.protocol.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.internal.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes messages with their properties in the order of the reference. */
final class JsonMessageWriter {

    private static final byte[] INVOCATION = ascii("{\"type\":1");
    private static final byte[] STREAM_ITEM = ascii("{\"type\":2,\"invocationId\":");
    private static final byte[] COMPLETION = ascii("{\"type\":3,\"invocationId\":");
    private static final byte[] STREAM_INVOCATION = ascii("{\"type\":4");
    private static final byte[] CANCEL_INVOCATION = ascii("{\"type\":5,\"invocationId\":");
    private static final byte[] PING = ascii("{\"type\":6}\u001E");
    private static final byte[] CLOSE = ascii("{\"type\":7");
    private static final byte[] ACK = ascii("{\"type\":8,\"sequenceId\":");
    private static final byte[] SEQUENCE = ascii("{\"type\":9,\"sequenceId\":");
    private static final byte[] HEADERS = ascii(",\"headers\":");
    private static final byte[] INVOCATION_ID = ascii(",\"invocationId\":");
    private static final byte[] TARGET = ascii(",\"target\":");
    private static final byte[] ARGUMENTS = ascii(",\"arguments\":[");
    private static final byte[] STREAM_IDS = ascii(",\"streamIds\":[");
    private static final byte[] ITEM = ascii(",\"item\":");
    private static final byte[] RESULT = ascii(",\"result\":");
    private static final byte[] ERROR = ascii(",\"error\":");
    private static final byte[] ALLOW_RECONNECT = ascii(",\"allowReconnect\":true");
    private static final byte[] END = ascii("}\u001E");

    /** Room for what stands around ids, targets and values. */
    private static final int ENVELOPE = 56;

    private static final int SOME_NUMBER = 24;
    private static final int SOME_OBJECT = 128;

    private final PayloadMapper mapper;

    JsonMessageWriter(PayloadMapper mapper) {
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
                json(ENVELOPE)
                        .raw(CANCEL_INVOCATION)
                        .string(stop.invocationId())
                        .raw(END)
                        .buffer();
            case Close close -> close(close);
            case Ack ack ->
                json(ENVELOPE).raw(ACK).integer(ack.sequenceId()).raw(END).buffer();
            case Sequence sequence ->
                json(ENVELOPE)
                        .raw(SEQUENCE)
                        .integer(sequence.sequenceId())
                        .raw(END)
                        .buffer();
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
                var json = json(id.length() + estimate(result.value()))
                        .raw(COMPLETION)
                        .string(id)
                        .raw(RESULT);
                value(json, result.value());
                yield json.raw(END).buffer();
            }
            case Outcome.Nothing nothing ->
                json(id.length()).raw(COMPLETION).string(id).raw(END).buffer();
            case Outcome.Failure failure ->
                json(id.length() + failure.message().length())
                        .raw(COMPLETION)
                        .string(id)
                        .raw(ERROR)
                        .string(failure.message())
                        .raw(END)
                        .buffer();
        };
    }

    private ByteBuffer invocation(Invocation call) {
        var json = json(estimate(call.target(), call.arguments())).raw(INVOCATION);
        headers(json, call.headers());
        var id = call.invocationId();
        if (id != null) {
            json.raw(INVOCATION_ID).string(id);
        }
        return call(json, call.target(), call.arguments(), call.streamIds());
    }

    private ByteBuffer streamInvocation(StreamInvocation call) {
        var json = json(estimate(call.target(), call.arguments())).raw(STREAM_INVOCATION);
        headers(json, call.headers());
        json.raw(INVOCATION_ID).string(call.invocationId());
        return call(json, call.target(), call.arguments(), call.streamIds());
    }

    private ByteBuffer call(JsonWriter json, String target, List<@Nullable Object> arguments, List<String> streamIds) {
        json.raw(TARGET).string(target).raw(ARGUMENTS);
        int count = arguments.size();
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                json.raw(',');
            }
            value(json, arguments.get(i));
        }
        json.raw(']');
        if (!streamIds.isEmpty()) {
            streamIds(json, streamIds);
        }
        return json.raw(END).buffer();
    }

    private static void streamIds(JsonWriter json, List<String> streamIds) {
        json.raw(STREAM_IDS);
        boolean first = true;
        for (var id : streamIds) {
            if (!first) {
                json.raw(',');
            }
            json.string(id);
            first = false;
        }
        json.raw(']');
    }

    private static void headers(JsonWriter json, Map<String, String> headers) {
        if (headers.isEmpty()) {
            return;
        }
        json.raw(HEADERS);
        char separator = '{';
        for (var header : headers.entrySet()) {
            json.raw(separator).string(header.getKey()).raw(':').string(header.getValue());
            separator = ',';
        }
        json.raw('}');
    }

    private ByteBuffer streamItem(StreamItem next) {
        var id = next.invocationId();
        var json = json(id.length() + estimate(next.item()))
                .raw(STREAM_ITEM)
                .string(id)
                .raw(ITEM);
        value(json, next.item());
        return json.raw(END).buffer();
    }

    private static ByteBuffer close(Close close) {
        var json = json(ENVELOPE).raw(CLOSE);
        var error = close.error();
        if (error != null) {
            json.raw(ERROR).string(error);
        }
        if (close.allowReconnect()) {
            json.raw(ALLOW_RECONNECT);
        }
        return json.raw(END).buffer();
    }

    private void value(JsonWriter json, @Nullable Object value) {
        if (value instanceof String text) {
            json.string(text);
        } else if (value == null) {
            json.nothing();
        } else if (value instanceof Integer number) {
            json.integer(number);
        } else if (value instanceof Boolean bool) {
            json.bool(bool);
        } else if (value instanceof Long number) {
            json.integer(number);
        } else if (value instanceof Double number) {
            json.number(finite(number));
        } else {
            rareValue(json, value);
        }
    }

    private void rareValue(JsonWriter json, Object value) {
        switch (value) {
            case Float number -> json.number((float) finite(number));
            case Short number -> json.integer(number);
            case Byte number -> json.integer(number);
            case Character character -> json.string(character.toString());
            default -> mapped(json, value);
        }
    }

    private void mapped(JsonWriter json, Object value) {
        try {
            mapper.write(value, json);
        } catch (IOException fromNowhere) {
            throw new UncheckedIOException(fromNowhere);
        }
    }

    private static double finite(double number) {
        if (!Double.isFinite(number)) {
            throw new PayloadException("JSON cannot express " + number);
        }
        return number;
    }

    private static int estimate(String target, List<@Nullable Object> arguments) {
        int size = target.length() + SOME_NUMBER;
        int count = arguments.size();
        for (int i = 0; i < count; i++) {
            size += estimate(arguments.get(i));
        }
        return size;
    }

    /** Guesses how long a value will be: right for text without escapes, generous for what is short. */
    private static int estimate(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length() + 2;
        }
        return value == null || value instanceof Number || value instanceof Boolean ? SOME_NUMBER : SOME_OBJECT;
    }

    private static JsonWriter json(int variable) {
        return new JsonWriter(ENVELOPE + variable);
    }

    private static IllegalArgumentException readOnly(HubMessage message) {
        return new IllegalArgumentException("message: " + message + " (expected: one that can be sent)");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
