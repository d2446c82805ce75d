package io.hubwire.protocol.json;

import static java.util.Objects.requireNonNull;

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
import io.hubwire.protocol.PayloadMapper;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.internal.json.JsonCursor;
import io.hubwire.protocol.internal.json.JsonCursor.Kind;
import io.hubwire.protocol.internal.json.JsonCursor.Malformed;
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
 * One message that is being read: the properties seen so far, the last of each.
 *
 * <p>Values are kept as places in the frame and bound at the end, since what they are to become may stand behind them;
 * only arguments that follow their target are bound on the way. What is wrong with a property counts only once the type is known to be one of ours.
 */
final class JsonMessageReader {

    private static final int INVOCATION = 1;
    private static final int STREAM_ITEM = 2;
    private static final int COMPLETION = 3;
    private static final int STREAM_INVOCATION = 4;
    private static final int CANCEL_INVOCATION = 5;
    private static final int PING = 6;
    private static final int CLOSE = 7;
    private static final int ACK = 8;
    private static final int SEQUENCE = 9;

    private static final int ABSENT = -1;

    private final JsonCursor cursor;
    private final InvocationBinder binder;
    private final PayloadMapper mapper;
    private final Names targets;

    private boolean typed;
    private int type;
    private @Nullable String invocationId;
    private @Nullable String target;
    private int arguments = ABSENT;
    private int item = ABSENT;
    private int result = ABSENT;
    private List<String> streamIds = List.of();
    private Map<String, String> headers = Map.of();
    private @Nullable String error;
    private boolean allowReconnect;
    private boolean numbered;
    private long sequenceId;
    private @Nullable ProtocolException wrong;

    /** What the last target and arguments were bound to, or why they were not. */
    private @Nullable Target method;

    private @Nullable List<@Nullable Object> values;
    private @Nullable BindingException unfit;

    JsonMessageReader(JsonCursor cursor, InvocationBinder binder, PayloadMapper mapper, Names targets) {
        this.cursor = cursor;
        this.binder = binder;
        this.mapper = mapper;
        this.targets = targets;
    }

    HubMessage read() {
        var kind = cursor.begin();
        if (kind != Kind.OBJECT) {
            throw new ProtocolException("Unexpected JSON Token Type '" + kind.text() + "'. Expected a JSON Object.");
        }
        for (var next = Property.next(cursor); next != null; next = Property.next(cursor)) {
            property(next);
        }
        cursor.finish();
        return message();
    }

    private void property(Property property) {
        switch (property) {
            case TYPE -> type();
            case INVOCATION_ID -> invocationId = stringOrNull("invocationId");
            case TARGET -> target();
            case ARGUMENTS -> arguments();
            case STREAM_IDS -> streamIds = streamIds();
            case HEADERS -> headers = headers();
            case ITEM -> item = place();
            case RESULT -> result = place();
            case ERROR -> error = stringOrNull("error");
            case ALLOW_RECONNECT -> allowReconnect = allowReconnect();
            case SEQUENCE_ID -> sequenceId();
            case OTHER -> cursor.skip();
        }
    }

    // --- properties ---

    private void type() {
        if (cursor.kind() == Kind.NULL) {
            cursor.skip();
            typed = false;
        } else if (!isNumber()) {
            throw new ProtocolException("Expected 'type' to be of type Number.");
        } else if (!cursor.passInteger() || cursor.integer() != (int) cursor.integer()) {
            throw new ProtocolException("Expected 'type' to be a 32-bit integer.");
        } else {
            typed = true;
            type = (int) cursor.integer();
        }
    }

    private void sequenceId() {
        numbered = isNumber();
        if (!numbered) {
            wrong("Expected 'sequenceId' to be of type Number.");
        } else if (cursor.passInteger()) {
            sequenceId = cursor.integer();
        } else {
            wrong = wrong != null ? wrong : new ProtocolException("Expected 'sequenceId' to be a 64-bit integer.");
        }
    }

    private @Nullable String stringOrNull(String name) {
        if (cursor.peek() == 'n') {
            cursor.skip();
            return null;
        }
        return string(name);
    }

    private @Nullable String string(String name) {
        if (cursor.peek() == '"') {
            return cursor.string();
        }
        wrong("Expected '" + name + "' to be of type String.");
        return null;
    }

    private void target() {
        method = null;
        values = null;
        unfit = null;
        if (cursor.peek() == '"') {
            target = cursor.string(targets);
        } else {
            target = null;
            wrong("Expected 'target' to be of type String.");
        }
    }

    private void arguments() {
        values = null;
        unfit = null;
        if (cursor.peek() != '[') {
            wrong("Expected 'arguments' to be of type Array.");
            return;
        }
        arguments = cursor.position();
        if (target == null || !bindNow(target)) {
            cursor.skip();
        }
    }

    /** Binds the arguments on the way, as long as the properties seen so far are those of a call. */
    private boolean bindNow(String name) {
        if (wrong != null || (typed && type != INVOCATION && type != STREAM_INVOCATION)) {
            return false;
        }
        method = binder.target(name).orElse(null);
        if (method == null) {
            return false;
        }
        try {
            values = bind(method);
            return true;
        } catch (BindingException failure) {
            unfit = failure;
            cursor.position(arguments);
            return false;
        }
    }

    private int place() {
        cursor.peek();
        int place = cursor.position();
        cursor.skip();
        return place;
    }

    private boolean allowReconnect() {
        var kind = cursor.kind();
        if (kind != Kind.TRUE && kind != Kind.FALSE) {
            wrong("Expected 'allowReconnect' to be true or false.");
            return false;
        }
        cursor.skip();
        return kind == Kind.TRUE;
    }

    private List<String> streamIds() {
        var kind = cursor.kind();
        if (kind != Kind.ARRAY) {
            wrongUnlessNull(kind, "Expected 'streamIds' to be of type Array.");
            return List.of();
        }
        var ids = new ArrayList<String>();
        cursor.enterArray();
        while (cursor.nextElement()) {
            switch (cursor.kind()) {
                case STRING -> ids.add(cursor.string());
                case NULL -> wrong("Null value for 'streamIds' is not valid.");
                case OBJECT, ARRAY, NUMBER, TRUE, FALSE -> wrong("Expected 'streamIds' to contain only String.");
            }
        }
        return List.copyOf(ids);
    }

    private Map<String, String> headers() {
        var kind = cursor.kind();
        if (kind != Kind.OBJECT) {
            wrongUnlessNull(kind, "Expected 'headers' to be of type StartObject.");
            return Map.of();
        }
        var found = new HashMap<String, String>();
        cursor.enterObject();
        while (cursor.nextMember()) {
            var name = cursor.name();
            if (cursor.kind() == Kind.STRING) {
                found.put(name, cursor.string());
            } else {
                wrong("Expected header '" + name + "' to be of type String.");
            }
        }
        return Map.copyOf(found);
    }

    private boolean isNumber() {
        return cursor.kind() == Kind.NUMBER;
    }

    private void wrongUnlessNull(Kind kind, String text) {
        if (kind == Kind.NULL) {
            cursor.skip();
        } else {
            wrong(text);
        }
    }

    /** Passes a value of the wrong kind. */
    private void wrong(String text) {
        if (wrong == null) {
            wrong = new ProtocolException(text);
        }
        cursor.skip();
    }

    // --- messages ---

    private HubMessage message() {
        if (typed && (type < INVOCATION || type > SEQUENCE)) {
            return new Unknown(type);
        }
        if (wrong != null) {
            throw wrong;
        }
        if (!typed) {
            throw missing("type");
        }
        return switch (type) {
            case INVOCATION -> invocation();
            case STREAM_ITEM -> streamItem(requiredId());
            case COMPLETION -> completion(requiredId());
            case STREAM_INVOCATION -> streamInvocation(requiredId());
            case CANCEL_INVOCATION -> new CancelInvocation(requiredId());
            case PING -> Ping.PING;
            case CLOSE -> new Close(error, allowReconnect);
            case ACK -> new Ack(requiredSequenceId());
            case SEQUENCE -> new Sequence(requiredSequenceId());
            default -> throw new IllegalStateException("type: " + type);
        };
    }

    private HubMessage invocation() {
        var id = invocationId == null || invocationId.isEmpty() ? null : invocationId;
        bindLate(requiredTarget());
        if (method == null || values == null) {
            return failure(id, false);
        }
        return new Invocation(id, method.name(), values, streamIds, headers);
    }

    private HubMessage streamInvocation(String id) {
        bindLate(requiredTarget());
        if (method == null || values == null) {
            return failure(id, true);
        }
        return new StreamInvocation(id, method.name(), values, streamIds, headers);
    }

    private BindingFailure failure(@Nullable String id, boolean streaming) {
        return method == null
                ? new BindingFailure(id, requiredTarget(), streaming, BindingException.unknownTarget())
                : new BindingFailure(id, method.name(), streaming, requireNonNull(unfit));
    }

    /** Binds the arguments, unless that was done, or failed, on the way. */
    private void bindLate(String name) {
        if (values != null || unfit != null) {
            return;
        }
        cursor.position(arguments);
        bindNow(name);
    }

    private HubMessage streamItem(String id) {
        if (item == ABSENT) {
            throw missing("item");
        }
        try {
            return new StreamItem(id, bind(item, binder.itemType(id)));
        } catch (BindingException unfit) {
            return new StreamBindingFailure(id, unfit);
        }
    }

    private HubMessage completion(String id) {
        if (error != null) {
            if (result != ABSENT) {
                throw new ProtocolException("The 'error' and 'result' properties are mutually exclusive.");
            }
            return new Completion(id, new Outcome.Failure(error));
        }
        if (result == ABSENT) {
            return new Completion(id, Outcome.Nothing.NOTHING);
        }
        try {
            return new Completion(id, new Outcome.Value(bind(result, binder.resultType(id))));
        } catch (BindingException unfit) {
            return new CompletionBindingFailure(id, unfit);
        }
    }

    private String requiredId() {
        if (invocationId == null || invocationId.isEmpty()) {
            throw missing("invocationId");
        }
        return invocationId;
    }

    private String requiredTarget() {
        if (target == null || target.isEmpty()) {
            throw missing("target");
        }
        if (arguments == ABSENT) {
            throw missing("arguments");
        }
        return target;
    }

    private long requiredSequenceId() {
        if (!numbered) {
            throw missing("sequenceId");
        }
        return sequenceId;
    }

    private static ProtocolException missing(String name) {
        return new ProtocolException("Missing required property '" + name + "'.");
    }

    // --- binding ---

    private List<@Nullable Object> bind(Target method) {
        var types = method.parameterTypes();
        int expected = types.size();
        @Nullable Object[] found = new @Nullable Object[expected];
        int provided = 0;
        cursor.enterArray();
        while (cursor.nextElement()) {
            if (provided < expected) {
                found[provided] = bind(types.get(provided));
            } else {
                cursor.skip();
            }
            provided++;
        }
        if (provided != expected) {
            throw BindingException.wrongCount(provided, expected);
        }
        return Values.of(found);
    }

    private @Nullable Object bind(int place, Optional<Type> wanted) {
        if (wanted.isEmpty()) {
            return null;
        }
        cursor.position(place);
        return bind(wanted.get());
    }

    /** Whatever a mapper throws, it is this value that does not fit. */
    private @Nullable Object bind(Type wanted) {
        try {
            return ValueReader.read(wanted, cursor, mapper);
        } catch (Malformed notJson) {
            throw notJson;
        } catch (RuntimeException failure) {
            throw BindingException.conversion(failure);
        }
    }
}
