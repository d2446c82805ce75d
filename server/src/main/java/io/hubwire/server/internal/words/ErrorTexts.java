package io.hubwire.server.internal.words;

import io.hubwire.protocol.BindingException;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.options.RateLimit;
import java.lang.reflect.Type;
import java.util.concurrent.CancellationException;

/** The sentences by which calls and connections fail, letter for letter those of ASP.NET Core SignalR. */
public final class ErrorTexts {

    /** What a connection that was cancelled by a timeout is told to have missed. */
    public static final String CLIENT_TIMEOUT =
            "Client hasn't sent a message/ping within the configured ClientTimeoutInterval.";

    /** What ends a connection that breaks off in the middle of a message. */
    public static final String BROKEN_OFF = "Connection terminated while reading a message.";

    /** What the reader of a stream from a client is told whose connection has ended. */
    public static final String CONNECTION_CLOSED = "The underlying connection was closed.";

    /** What a client is told whose handshake took too long or too much. */
    public static final String HANDSHAKE_CANCELED = "Handshake was canceled.";

    /** What ends a connection whose client does not say that anything arrives. */
    public static final String UNACKNOWLEDGED = "The client has not acknowledged what was sent to it.";

    private final boolean detailed;

    /** The sentences with every exception shown, or with those of hubs alone. */
    public ErrorTexts(boolean detailed) {
        this.detailed = detailed;
    }

    /** A call that did not get to its method. */
    public String failedToInvoke(String target, Throwable why) {
        return detail("Failed to invoke '" + target + "' due to an error on the server.", why);
    }

    /** A call whose method threw. */
    public String threw(String target, Throwable what) {
        return detail("An unexpected error occurred invoking '" + target + "' on the server.", what);
    }

    /** A call that the user may not make. */
    public static String unauthorized(String target) {
        return "Failed to invoke '" + target + "' because user is unauthorized";
    }

    /** A streaming method called for a single result. */
    public static String streamingWithoutStream(String target) {
        return "The client attempted to invoke the streaming '" + target + "' method with a non-streaming invocation.";
    }

    /** A method with a single result called for a stream. */
    public static String streamOfNonStreaming(String target) {
        return "The client attempted to invoke the non-streaming '" + target + "' method with a streaming invocation.";
    }

    /** A streaming method that returned no stream. */
    public static String notAStream(String target) {
        return "The value returned by the streaming method '" + target
                + "' is not a ChannelReader<> or IAsyncEnumerable<>.";
    }

    /** A stream that failed on its way. */
    public String streamFailed(Throwable why) {
        return detail("An error occurred on the server while streaming results.", why);
    }

    /** A call for a stream by an id that another stream has. */
    public static String invocationIdInUse(String id) {
        return "Invocation ID '" + id + "' is already in use.";
    }

    /** A call that brings a stream by an id that another one has. */
    public static String streamIdInUse(String id) {
        return "Stream ID '" + id + "' is already in use.";
    }

    /** A call that brings more streams than one client may have under way. */
    public static String tooManyStreams(int maximum) {
        return "The maximum number of " + maximum + " parallel streams from one client was exceeded.";
    }

    /** A call for a stream beyond those that one client may have under way. */
    public static String tooManyStreamingCalls(int maximum) {
        return "The maximum number of " + maximum + " parallel streams to one client was exceeded.";
    }

    /** A call beyond those that one client may make. */
    public static HubException tooManyCalls(RateLimit limit) {
        return new HubException(
                "The rate limit of " + limit.calls() + " calls in " + limit.period() + " was exceeded.");
    }

    /** A stream from a client with an element that does not fit. */
    public HubException streamItemUnfit(Throwable why) {
        return new HubException(detail("Failed to bind Stream message.", why));
    }

    /** A call that brings other streams than the method takes. */
    public static HubException wrongStreams(int sent, int expected) {
        return new HubException("Client sent " + sent + " stream(s), Hub method expects " + expected + ".");
    }

    /** A question to a client that is not there. */
    public static String unknownConnection(Object id) {
        return "Connection '" + id + "' does not exist.";
    }

    /** A question to a client that has left before it answered. */
    public static String connectionGone(Object id) {
        return "Connection '" + id + "' disconnected.";
    }

    /** A question whose answer is no longer waited for. */
    public static HubException questionCanceled() {
        return new HubException("Invocation canceled by the server.");
    }

    /** A question whose answer has no value, where one is wanted. */
    public static HubException noResult() {
        return new HubException("The client completed the invocation without a result.");
    }

    /** An answer that is not what was asked for. */
    public static HubException resultUnfit(Type wanted, Throwable why) {
        return new HubException(
                "Error trying to deserialize result to " + wanted.getTypeName() + ". " + why.getMessage());
    }

    /** A client that says it begins behind messages that it has never sent. */
    public static ProtocolException outOfSequence() {
        return new ProtocolException(
                "Sequence ID greater than amount of messages we've received.", new IllegalStateException());
    }

    /** A connection that ends by a fault. */
    public String closedWithError(Throwable why) {
        return detail("Connection closed with an error.", why);
    }

    /** A handshake that failed for no reason that has a text of its own. */
    public String handshakeFailed(Throwable why) {
        return detail("An unexpected error occurred during connection handshake.", why);
    }

    /** A handshake that asks for a protocol that is not there. */
    public static String unknownProtocol(String name) {
        return "The protocol '" + name + "' is not supported.";
    }

    /** A handshake that asks for a version that is not there. */
    public static String unknownVersion(String name, int version) {
        return "The server does not support version " + version + " of the '" + name + "' protocol.";
    }

    /** A handshake that asks for a binary protocol where only text passes, or the reverse. */
    public static String wrongFormat(String name, String format) {
        return "Cannot use the '" + name + "' protocol on the current transport. The transport does not support '"
                + format + "' transfer format.";
    }

    private String detail(String text, Throwable why) {
        boolean shown = detailed || isForTheClient(why);
        if (!shown) {
            return text;
        }
        String message = why.getMessage();
        return text + " " + nameOf(why) + (message == null ? "" : ": " + message);
    }

    private static boolean isForTheClient(Throwable why) {
        return why instanceof HubException
                || (why instanceof BindingException binding && binding.kind() == BindingException.Kind.UNKNOWN_TARGET);
    }

    /** The simple class name that the reference would show, so that clients of either server read the same. */
    private static String nameOf(Throwable why) {
        if (why instanceof BindingException binding) {
            return binding.kind() == BindingException.Kind.UNKNOWN_TARGET ? "HubException" : "InvalidDataException";
        }
        if (why instanceof ProtocolException) {
            return why.getCause() instanceof IllegalStateException
                    ? "InvalidOperationException"
                    : "InvalidDataException";
        }
        if (why instanceof CancellationException) {
            return "OperationCanceledException";
        }
        Class<?> named = why.getClass();
        while (named.getSimpleName().isEmpty()) {
            named = named.getSuperclass();
        }
        return named.getSimpleName();
    }
}
