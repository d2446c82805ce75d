package io.hubwire.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a client and a server can say to each other once the handshake is over.
 *
 * <p>The set is closed: a reader that handles every case handles the whole protocol, and the compiler says so. The
 * lists and maps of a message that was read cannot be changed; those of a message to write are not copied and must not
 * change until it is written.
 */
public sealed interface HubMessage {

    /**
     * Call {@code target}; the peer answers with a {@link Completion} when there is an id, else not at all.
     *
     * @param invocationId what the answer refers to; null when none is wanted, never empty
     * @param target the method, spelled as it is declared
     * @param arguments the values, without the streams; each may be null
     * @param streamIds the streams that the caller will send as further arguments, in their order
     * @param headers what goes with the call, such as trace context; never sent to clients
     */
    record Invocation(
            @Nullable String invocationId,
            String target,
            List<@Nullable Object> arguments,
            List<String> streamIds,
            Map<String, String> headers)
            implements HubMessage {

        /** A call without streams and headers. */
        public Invocation(@Nullable String invocationId, String target, List<@Nullable Object> arguments) {
            this(invocationId, target, arguments, List.of(), Map.of());
        }

        /** A call that wants no answer. */
        public Invocation(String target, List<@Nullable Object> arguments) {
            this(null, target, arguments);
        }
    }

    /** The next element of a stream, in either direction; the id is that of the call or of the argument. */
    record StreamItem(String invocationId, @Nullable Object item) implements HubMessage {}

    /** The end of a call or of a stream. */
    record Completion(String invocationId, Outcome outcome) implements HubMessage {}

    /**
     * Call {@code target}; the peer answers with any number of {@link StreamItem}s and one {@link Completion}.
     *
     * @param invocationId what the answers refer to, never empty
     * @param target the method, spelled as it is declared
     * @param arguments the values, without the streams; each may be null
     * @param streamIds the streams that the caller will send as further arguments, in their order
     * @param headers what goes with the call, such as trace context; never sent to clients
     */
    record StreamInvocation(
            String invocationId,
            String target,
            List<@Nullable Object> arguments,
            List<String> streamIds,
            Map<String, String> headers)
            implements HubMessage {

        /** A call without streams and headers. */
        public StreamInvocation(String invocationId, String target, List<@Nullable Object> arguments) {
            this(invocationId, target, arguments, List.of(), Map.of());
        }
    }

    /** The caller no longer wants the answer. */
    record CancelInvocation(String invocationId) implements HubMessage {}

    /** Nothing to say, still here. */
    record Ping() implements HubMessage {

        /** The ping; there is no need for another. */
        public static final Ping PING = new Ping();
    }

    /**
     * The connection ends.
     *
     * @param error the reason to show, if there is one
     * @param allowReconnect whether a client that reconnects by itself may do so
     */
    record Close(@Nullable String error, boolean allowReconnect) implements HubMessage {}

    /** Everything up to this number has arrived. */
    record Ack(long sequenceId) implements HubMessage {}

    /** What follows begins with this number. */
    record Sequence(long sequenceId) implements HubMessage {}

    /**
     * A well-formed call that fits no method; it fails, the connection lives. Read only, never written.
     *
     * @param invocationId what the answer refers to; null when none is wanted
     * @param target the method as it is declared, or as the caller spells it if there is none
     * @param streaming whether the caller expects a stream
     * @param cause what does not fit
     */
    record BindingFailure(@Nullable String invocationId, String target, boolean streaming, BindingException cause)
            implements HubMessage {}

    /** An element whose value does not convert; the stream fails, the connection lives. Read only, never written. */
    record StreamBindingFailure(String invocationId, BindingException cause) implements HubMessage {}

    /** A result whose value does not convert; the call fails, the connection lives. Read only, never written. */
    record CompletionBindingFailure(String invocationId, BindingException cause) implements HubMessage {}

    /** A well-formed message of a later protocol, to be ignored. Read only, never written. */
    record Unknown(int type) implements HubMessage {}

    /** How a call ended. */
    sealed interface Outcome {

        /** With a value; null is also what a method without a result ends with. */
        record Value(@Nullable Object value) implements Outcome {}

        /** With nothing to return, as a stream does. */
        record Nothing() implements Outcome {

            /** The end of a stream; there is no need for another. */
            public static final Nothing NOTHING = new Nothing();
        }

        /** With an error whose text the caller may see. */
        record Failure(String message) implements Outcome {}
    }
}
