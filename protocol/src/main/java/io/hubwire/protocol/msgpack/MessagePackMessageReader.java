package io.hubwire.protocol.msgpack;

import io.hubwire.protocol.BindingException;
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
import io.hubwire.protocol.InvocationBinder;
import io.hubwire.protocol.InvocationBinder.Target;
import io.hubwire.protocol.PayloadException;
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor.Kind;
import io.hubwire.protocol.internal.msgpack.MessagePackCursor.Malformed;
import io.hubwire.protocol.internal.parts.Names;
import io.hubwire.protocol.internal.parts.Values;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message that is being read, item by item in the order that its type has.
 *
 * <p>Values are bound on the way. Where one does not bind, the rest is passed, so that whatever is read was checked.
 */
final class MessagePackMessageReader {

    private static final int INVOCATION = 1;
    private static final int STREAM_ITEM = 2;
    private static final int COMPLETION = 3;
    private static final int STREAM_INVOCATION = 4;
    private static final int CANCEL_INVOCATION = 5;
    private static final int PING = 6;
    private static final int CLOSE = 7;
    private static final int ACK = 8;
    private static final int SEQUENCE = 9;

    private static final int FAILURE = 1;
    private static final int NOTHING = 2;
    private static final int VALUE = 3;

    /** How deep the items of a message stand, and the arguments in one of them. */
    private static final int IN_MESSAGE = 1;

    private static final int IN_ARGUMENTS = 2;

    private final MessagePackCursor cursor;
    private final InvocationBinder binder;
    private final PayloadMapper mapper;
    private final Names targets;

    /** How many items follow. */
    private int left;

    MessagePackMessageReader(MessagePackCursor cursor, InvocationBinder binder, PayloadMapper mapper, Names targets) {
        this.cursor = cursor;
        this.binder = binder;
        this.mapper = mapper;
        this.targets = targets;
    }

    HubMessage read() {
        if (cursor.kind() != Kind.ARRAY) {
            throw new ProtocolException("Reading array length for 'message' failed.");
        }
        left = cursor.enterArray();
        var message = message(int32("messageType"));
        for (; left > 0; left--) {
            cursor.skip(IN_MESSAGE);
        }
        if (!cursor.isAtEnd()) {
            throw new ProtocolException("Error reading MessagePack.");
        }
        return message;
    }

    private HubMessage message(int type) {
        return switch (type) {
            case INVOCATION -> invocation();
            case STREAM_ITEM -> streamItem();
            case COMPLETION -> completion();
            case STREAM_INVOCATION -> streamInvocation();
            case CANCEL_INVOCATION -> {
                headers();
                yield new CancelInvocation(requiredId());
            }
            case PING -> Ping.PING;
            case CLOSE -> new Close(stringOrNull("error"), left > 0 && bool("allowReconnect"));
            case ACK -> new Ack(int64("sequenceId"));
            case SEQUENCE -> new Sequence(int64("sequenceId"));
            default -> new Unknown(type);
        };
    }

    private HubMessage invocation() {
        var headers = headers();
        var id = stringOrNull("invocationId");
        if (id != null && id.isEmpty()) {
            id = null;
        }
        var target = target();
        int count = arrayLength("arguments");
        var method = binder.target(target).orElse(null);
        if (method == null) {
            return unknown(id, target, false, count);
        }
        int from = cursor.position();
        try {
            return new Invocation(id, method.name(), bind(method, count), streamIds(), headers);
        } catch (BindingException unfit) {
            return unfit(id, method, false, from, count, unfit);
        }
    }

    private HubMessage streamInvocation() {
        var headers = headers();
        var id = requiredId();
        var target = target();
        int count = arrayLength("arguments");
        var method = binder.target(target).orElse(null);
        if (method == null) {
            return unknown(id, target, true, count);
        }
        int from = cursor.position();
        try {
            return new StreamInvocation(id, method.name(), bind(method, count), streamIds(), headers);
        } catch (BindingException unfit) {
            return unfit(id, method, true, from, count, unfit);
        }
    }

    private HubMessage unknown(@Nullable String id, String target, boolean streaming, int arguments) {
        skip(arguments);
        return new BindingFailure(id, target, streaming, BindingException.unknownTarget());
    }

    private HubMessage unfit(
            @Nullable String id, Target method, boolean streaming, int from, int arguments, BindingException cause) {
        cursor.position(from);
        skip(arguments);
        return new BindingFailure(id, method.name(), streaming, cause);
    }

    private void skip(int arguments) {
        for (int i = 0; i < arguments; i++) {
            cursor.skip(IN_ARGUMENTS);
        }
    }

    private HubMessage streamItem() {
        headers();
        var id = requiredId();
        demandItem("item");
        int from = cursor.position();
        try {
            return new StreamItem(id, bind(binder.itemType(id), "item"));
        } catch (BindingException unfit) {
            skipFrom(from);
            return new StreamBindingFailure(id, unfit);
        }
    }

    private HubMessage completion() {
        headers();
        var id = requiredId();
        return switch (int32("resultKind")) {
            case FAILURE -> new Completion(id, new Outcome.Failure(string("error")));
            case NOTHING -> new Completion(id, Outcome.Nothing.NOTHING);
            case VALUE -> result(id);
            default -> throw new ProtocolException("Invalid invocation result kind.");
        };
    }

    private HubMessage result(String id) {
        demandItem("result");
        int from = cursor.position();
        try {
            return new Completion(id, new Outcome.Value(bind(binder.resultType(id), "result")));
        } catch (BindingException unfit) {
            skipFrom(from);
            return new CompletionBindingFailure(id, unfit);
        }
    }

    private void skipFrom(int place) {
        cursor.position(place);
        cursor.skip(IN_MESSAGE);
    }

    // --- items ---

    private Map<String, String> headers() {
        if (nextIs(Kind.NIL)) {
            cursor.passNil();
            return Map.of();
        }
        left++;
        if (!nextIs(Kind.MAP)) {
            throw new ProtocolException("Reading map length for 'headers' failed.");
        }
        int count = enter("map", "headers");
        if (count == 0) {
            return Map.of();
        }
        var found = new HashMap<String, String>();
        for (int i = 0; i < count; i++) {
            var name = text("headers[" + i + "].Key");
            found.put(name, text("headers[" + i + "].Value"));
        }
        return Map.copyOf(found);
    }

    private List<String> streamIds() {
        if (left == 0) {
            return List.of();
        }
        int count = arrayLength("streamIds");
        if (count == 0) {
            return List.of();
        }
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            ids.add(text("streamIds"));
        }
        return List.copyOf(ids);
    }

    private String requiredId() {
        var id = string("invocationId");
        if (id.isEmpty()) {
            throw failed("invocationId", "String");
        }
        return id;
    }

    private String target() {
        if (!nextIs(Kind.STRING)) {
            throw failed("target", "String");
        }
        try {
            var target = cursor.string(targets);
            if (!target.isEmpty()) {
                return target;
            }
        } catch (Malformed broken) {
            throw failed("target", "String", broken);
        }
        throw failed("target", "String");
    }

    private @Nullable String stringOrNull(String field) {
        if (nextIs(Kind.NIL)) {
            cursor.passNil();
            return null;
        }
        left++;
        return string(field);
    }

    private String string(String field) {
        left--;
        if (left < 0) {
            throw failed(field, "String");
        }
        return text(field);
    }

    /** Reads a string wherever it stands. */
    private String text(String field) {
        if (!isAhead(Kind.STRING)) {
            throw failed(field, "String");
        }
        try {
            return cursor.string();
        } catch (Malformed broken) {
            throw failed(field, "String", broken);
        }
    }

    private int int32(String field) {
        long value = integer(field, "Int32");
        if (value != (int) value) {
            throw failed(field, "Int32");
        }
        return (int) value;
    }

    private long int64(String field) {
        return integer(field, "Int64");
    }

    private long integer(String field, String type) {
        if (!nextIs(Kind.INTEGER)) {
            throw failed(field, type);
        }
        try {
            long value = cursor.integer();
            if (!cursor.isHuge()) {
                return value;
            }
        } catch (Malformed broken) {
            throw failed(field, type, broken);
        }
        throw failed(field, type);
    }

    private boolean bool(String field) {
        if (!nextIs(Kind.BOOLEAN)) {
            throw failed(field, "Boolean");
        }
        return cursor.bool();
    }

    private int arrayLength(String field) {
        if (!nextIs(Kind.ARRAY)) {
            throw new ProtocolException("Reading array length for '" + field + "' failed.");
        }
        return enter("array", field);
    }

    private int enter(String container, String field) {
        try {
            return container.equals("map") ? cursor.enterMap() : cursor.enterArray();
        } catch (Malformed broken) {
            throw new ProtocolException("Reading " + container + " length for '" + field + "' failed.", broken);
        }
    }

    /** Counts the item that comes next and tells whether it is of this kind. */
    private boolean nextIs(Kind kind) {
        left--;
        return left >= 0 && isAhead(kind);
    }

    private boolean isAhead(Kind kind) {
        return !cursor.isAtEnd() && cursor.kind() == kind;
    }

    private void demandItem(String field) {
        left--;
        if (left < 0) {
            throw new ProtocolException("Reading '" + field + "' failed.");
        }
    }

    private static ProtocolException failed(String field, String type) {
        return new ProtocolException("Reading '" + field + "' as " + type + " failed.");
    }

    private static ProtocolException failed(String field, String type, Malformed broken) {
        return new ProtocolException("Reading '" + field + "' as " + type + " failed.", broken);
    }

    // --- binding ---

    private List<@Nullable Object> bind(Target method, int provided) {
        var types = method.parameterTypes();
        int expected = types.size();
        if (provided != expected) {
            throw BindingException.wrongCount(provided, expected);
        }
        @Nullable Object[] found = new @Nullable Object[expected];
        for (int i = 0; i < expected; i++) {
            found[i] = bind(types.get(i), "argument", IN_ARGUMENTS);
        }
        return Values.of(found);
    }

    private @Nullable Object bind(Optional<Type> wanted, String what) {
        if (wanted.isEmpty()) {
            cursor.skip(IN_MESSAGE);
            return null;
        }
        return bind(wanted.get(), what, IN_MESSAGE);
    }

    /** Whatever a mapper throws, it is this value that does not fit. */
    private @Nullable Object bind(Type wanted, String what, int depth) {
        try {
            return ValueReader.read(wanted, cursor, mapper, depth);
        } catch (Malformed notMessagePack) {
            throw notMessagePack;
        } catch (RuntimeException failure) {
            var type = wanted instanceof Class<?> plain ? plain.getSimpleName() : wanted.getTypeName();
            throw BindingException.conversion(new PayloadException(
                    "Deserializing object of the `" + type + "` type for '" + what + "' failed.", failure));
        }
    }
}
