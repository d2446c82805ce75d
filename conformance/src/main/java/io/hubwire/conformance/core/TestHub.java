package io.hubwire.conformance.core;

import io.hubwire.conformance.answer.InvalidOperationException;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubMethodName;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the functional tests of the JavaScript client call. */
public final class TestHub extends Hub {

    /** A fresh instance for each call. */
    public TestHub() {}

    /** Returns its argument. */
    @HubMethodName("Echo")
    public @Nullable String echo(@Nullable String message) {
        return message;
    }

    /** The public id. */
    @HubMethodName("GetCallerConnectionId")
    public String callerConnectionId() {
        return context().connectionId();
    }

    /** How many redirects came before, as the query says. */
    @HubMethodName("GetNumRedirects")
    public int numberOfRedirects() {
        return Integer.parseInt(context().request().query("numRedirects").orElse("0"));
    }

    /** Throws. */
    @HubMethodName("ThrowException")
    public void throwException(String message) {
        throw new InvalidOperationException(message);
    }

    /** Sends to the caller before the call ends. */
    @HubMethodName("InvokeWithString")
    public CompletionStage<Void> invokeWithString(String message) {
        return clients().caller().send("Message", message);
    }

    /** Sends an object back. */
    @HubMethodName("SendCustomObject")
    public CompletionStage<Void> sendCustomObject(CustomObject object) {
        return clients().caller().send("CustomObject", object);
    }

    /** Three letters. */
    @HubMethodName("Stream")
    public Stream<String> stream() {
        return Stream.of("a", "b", "c");
    }

    /** Nothing, until the client cancels it and is told so. */
    @HubMethodName("InfiniteStream")
    public Flow.Publisher<String> infiniteStream() {
        ClientProxy caller = clients().caller();
        return subscriber -> subscriber.onSubscribe(new Nothing(caller));
    }

    /** Nothing. */
    @HubMethodName("EmptyStream")
    public Stream<Integer> emptyStream() {
        return Stream.of();
    }

    /** Throws before there is a stream. */
    @HubMethodName("StreamThrowException")
    public Stream<String> streamThrowException(String message) {
        throw new InvalidOperationException(message);
    }

    /** Joins what the client sends. */
    @HubMethodName("StreamingConcat")
    public String streamingConcat(Iterator<String> words) {
        StringBuilder joined = new StringBuilder();
        words.forEachRemaining(joined::append);
        return joined.toString();
    }

    /** What carries this connection. */
    @HubMethodName("GetActiveTransportName")
    public String activeTransportName() {
        return context().transport();
    }

    /** Returns its argument. */
    @HubMethodName("EchoComplexObject")
    public ComplexObject echoComplexObject(ComplexObject object) {
        return object;
    }

    /** Returns what clients compare with. */
    @HubMethodName("SendComplexObject")
    public ComplexObject sendComplexObject() {
        return ComplexObject.example();
    }

    /** A header of the transport request, null when absent. */
    @HubMethodName("GetHeader")
    public @Nullable String header(String name) {
        return context().request().header(name).orElse(null);
    }

    /** A cookie of the transport request, null when absent. */
    @HubMethodName("GetCookie")
    public @Nullable String cookie(String name) {
        return context().request().cookie(name).orElse(null);
    }

    /** Gives nothing; tells the caller when it is cancelled. */
    private record Nothing(ClientProxy caller) implements Flow.Subscription {

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {
            caller.send("StreamCanceled");
        }
    }
}
