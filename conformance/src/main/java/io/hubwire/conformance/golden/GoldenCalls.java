package io.hubwire.conformance.golden;

import io.hubwire.conformance.answer.InvalidOperationException;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubMethodName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The plain calls of the golden hub. */
public abstract class GoldenCalls extends Hub {

    /** For the hubs. */
    protected GoldenCalls() {}

    @Override
    public void onConnected() {
        if (context().request().query("greet").filter("1"::equals).isPresent()) {
            clients().caller().send("Welcome", context().connectionId());
        }
    }

    /** Returns a string. */
    @HubMethodName("Echo")
    public @Nullable String echo(@Nullable String value) {
        return value;
    }

    /** Returns an object. */
    @HubMethodName("EchoItem")
    public @Nullable Item echoItem(@Nullable Item value) {
        return value;
    }

    /** Returns any value, its member names as they came. */
    @HubMethodName("EchoAny")
    public @Nullable Object echoAny(@Nullable Object value) {
        return value;
    }

    /** Returns a number or null. */
    @HubMethodName("EchoNullable")
    public @Nullable Integer echoNullable(@Nullable Integer value) {
        return value;
    }

    /** Returns an enum. */
    @HubMethodName("EchoColor")
    public Color echoColor(Color value) {
        return value;
    }

    /** Returns a date and time. */
    @HubMethodName("EchoDate")
    public OffsetDateTime echoDate(OffsetDateTime value) {
        return value;
    }

    /** Returns a time span. */
    @HubMethodName("EchoTimeSpan")
    public Duration echoTimeSpan(Duration value) {
        return value;
    }

    /** Returns a UUID. */
    @HubMethodName("EchoGuid")
    public UUID echoGuid(UUID value) {
        return value;
    }

    /** Returns a floating-point number. */
    @HubMethodName("EchoDouble")
    public double echoDouble(double value) {
        return value;
    }

    /** Returns a decimal number. */
    @HubMethodName("EchoDecimal")
    public BigDecimal echoDecimal(BigDecimal value) {
        return value;
    }

    /** Returns a 64-bit number. */
    @HubMethodName("EchoLong")
    public long echoLong(long value) {
        return value;
    }

    /** Returns a truth value. */
    @HubMethodName("EchoBool")
    public boolean echoBool(boolean value) {
        return value;
    }

    /** Returns a character. */
    @HubMethodName("EchoChar")
    public char echoChar(char value) {
        return value;
    }

    /** Returns bytes. */
    @HubMethodName("EchoBytes")
    public byte @Nullable [] echoBytes(byte @Nullable [] value) {
        return value;
    }

    /** Returns numbers. */
    @HubMethodName("EchoInts")
    public int @Nullable [] echoInts(int @Nullable [] value) {
        return value;
    }

    /** Returns a map. */
    @HubMethodName("EchoMap")
    public @Nullable Map<String, Integer> echoMap(@Nullable Map<String, Integer> value) {
        return value;
    }

    /** Adds two numbers. */
    @HubMethodName("Add")
    public int add(int a, int b) {
        return a + b;
    }

    /** Does nothing. */
    @HubMethodName("Nothing")
    public void nothing() {}

    /** Does nothing, asynchronously. */
    @HubMethodName("NothingAsync")
    public CompletionStage<Void> nothingAsync() {
        return CompletableFuture.runAsync(() -> {});
    }

    /** Returns no string. */
    @HubMethodName("ReturnNull")
    public @Nullable String returnNull() {
        return null;
    }

    /** Has another name on the wire. */
    @HubMethodName("renamed")
    public String declared() {
        return "renamed";
    }

    /** Throws. */
    @HubMethodName("Throw")
    public void fail(String message) {
        throw new InvalidOperationException(message);
    }

    /** Fails asynchronously. */
    @HubMethodName("ThrowAsync")
    public CompletionStage<Void> failLater(String message) {
        return CompletableFuture.runAsync(() -> {
            throw new InvalidOperationException(message);
        });
    }

    /** Throws what the caller may read. */
    @HubMethodName("ThrowHub")
    public void failForTheCaller(String message) {
        throw new HubException(message);
    }

    /** Takes its time. */
    @HubMethodName("Slow")
    public int slow(int milliseconds) throws InterruptedException {
        Thread.sleep(milliseconds);
        return milliseconds;
    }

    /** The public id. */
    @HubMethodName("Id")
    public String id() {
        return context().connectionId();
    }

    /** Who is calling, null for nobody. */
    @HubMethodName("UserId")
    public @Nullable String userId() {
        return context().userIdentifier().orElse(null);
    }

    /** A value from the query of the transport request. */
    @HubMethodName("Query")
    public @Nullable String query(String key) {
        return context().request().query(key).orElse(null);
    }

    /** Aborts its own connection. */
    @HubMethodName("Abort")
    public void abort() {
        context().abort();
    }
}
