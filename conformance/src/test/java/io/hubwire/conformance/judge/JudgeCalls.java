package io.hubwire.conformance.judge;

import io.hubwire.conformance.answer.InvalidOperationException;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.HubStream;
import java.security.Principal;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the judges call. */
public abstract class JudgeCalls extends Hub {

    private final Events events;

    JudgeCalls(Events events) {
        this.events = events;
    }

    @Override
    public void onConnected() {
        events.add("connected", context().connectionId(), context().transport());
        if (context().request().query("greet").isPresent()) {
            clients().caller().send("Welcome", "first");
            clients().caller().send("Welcome", "second");
        }
    }

    @Override
    public void onDisconnected(Departure departure) {
        String error = departure.error().map(Throwable::toString).orElse("");
        events.add("disconnected", context().connectionId(), error);
    }

    /** Sends to everyone, returns an object. */
    @HubMethodName("SendMessage")
    public CompletionStage<Said> sendMessage(String user, String message) {
        Said said = new Said(user, message, message.length());
        return clients().all().send("ReceiveMessage", user, message).thenApply(sent -> said);
    }

    /** Sends to everyone by a name in lower case, with an argument too many. */
    @HubMethodName("SendLowerCase")
    public CompletionStage<Void> sendLowerCase(String user) {
        return clients().all().send("receivemessage", user, "lower", "more");
    }

    /** Sends to everyone else. */
    @HubMethodName("SendOthers")
    public CompletionStage<Void> sendOthers(String text) {
        return clients().others().send("Message", text);
    }

    /** Counts from zero. */
    @HubMethodName("Count")
    public HubStream<Integer> count(int to) {
        return HubStream.of(out -> {
            for (int i = 0; i < to; i++) {
                out.send(i);
            }
        });
    }

    /** Some numbers, then an error. */
    @HubMethodName("CountAndFail")
    public HubStream<Integer> countAndFail(int to) {
        return HubStream.of(out -> {
            for (int i = 0; i < to; i++) {
                out.send(i);
            }
            throw new HubException("no more");
        });
    }

    /** One number, then nothing until nobody wants more, which is noted. */
    @HubMethodName("Endless")
    public HubStream<Integer> endless() {
        String id = context().connectionId();
        return HubStream.of(out -> {
            out.send(1);
            try {
                new CountDownLatch(1).await();
            } finally {
                events.add("cancelled", id, "");
            }
        });
    }

    /** Takes texts that begin with numbers, once another client has answered that they may come, and tells the same. */
    @HubMethodName("CollectWhenAsked")
    public String collectWhenAsked(String other, Stream<String> texts) {
        events.add("asks", context().connectionId(), other);
        clients()
                .client(other)
                .invoke(String.class, "MayCome")
                .toCompletableFuture()
                .join();
        return collected(texts.map(text -> Integer.valueOf(text.strip())).iterator());
    }

    /** Takes numbers, and tells how many there were, whether they were in order, and their sum. */
    @HubMethodName("Collect")
    public String collect(HubStream<Integer> numbers) {
        return collected(numbers.iterator());
    }

    private static String collected(Iterator<Integer> numbers) {
        int count = 0;
        long sum = 0;
        boolean inOrder = true;
        while (numbers.hasNext()) {
            int number = numbers.next();
            inOrder &= number == count++;
            sum += number;
        }
        return count + " " + inOrder + " " + sum;
    }

    /** Returns each number twice as large. */
    @HubMethodName("Doubled")
    public Stream<Integer> doubled(Stream<Integer> numbers) {
        return numbers.map(number -> number * 2);
    }

    /** Asks the caller for a word, and returns it. */
    @HubMethodName("AskMe")
    public CompletionStage<String> askMe(String question) {
        return clients().caller().invoke(String.class, "Question", question);
    }

    /** Returns any value. */
    @HubMethodName("Echo")
    public @Nullable Object echo(@Nullable Object value) {
        return value;
    }

    /** Returns bytes. */
    @HubMethodName("EchoBytes")
    public byte[] echoBytes(byte[] bytes) {
        return bytes;
    }

    /** Returns a moment. */
    @HubMethodName("EchoDate")
    public Instant echoDate(Instant moment) {
        return moment;
    }

    /** Returns a number. */
    @HubMethodName("EchoLong")
    public long echoLong(long number) {
        return number;
    }

    /** Returns a value of many kinds. */
    @HubMethodName("EchoThing")
    public Thing echoThing(Thing thing) {
        return thing;
    }

    /** Does nothing. */
    @HubMethodName("Nothing")
    public void nothing() {}

    /** Takes its time. */
    @HubMethodName("Slow")
    public int slow(int milliseconds) throws InterruptedException {
        Thread.sleep(milliseconds);
        events.add("slow", context().connectionId(), Integer.toString(milliseconds));
        return milliseconds;
    }

    /** Throws what only the log shows. */
    @HubMethodName("Fail")
    public void fail(String message) {
        throw new InvalidOperationException(message);
    }

    /** Fails later. */
    @HubMethodName("FailLater")
    public CompletionStage<Void> failLater(String message) {
        return CompletableFuture.failedFuture(new InvalidOperationException(message));
    }

    /** Throws what the caller may read. */
    @HubMethodName("FailForTheCaller")
    public void failForTheCaller(String message) {
        throw new HubException(message);
    }

    /** Adds the caller to a group. */
    @HubMethodName("Join")
    public CompletionStage<Void> join(String group) {
        return groups().add(context().connectionId(), group);
    }

    /** Removes the caller from a group. */
    @HubMethodName("Leave")
    public CompletionStage<Void> leave(String group) {
        return groups().remove(context().connectionId(), group);
    }

    /** Sends to a group. */
    @HubMethodName("SendGroup")
    public CompletionStage<Void> sendGroup(String group, String text) {
        return clients().group(group).send("Message", text);
    }

    /** Sends to a user. */
    @HubMethodName("SendUser")
    public CompletionStage<Void> sendUser(String user, String text) {
        return clients().user(user).send("Message", text);
    }

    /** Who is calling. */
    @HubMethodName("WhoAmI")
    public @Nullable String whoAmI() {
        return context().user().map(Principal::getName).orElse(null);
    }

    /** The public id. */
    @HubMethodName("Id")
    public String id() {
        return context().connectionId();
    }

    /** What carries this connection. */
    @HubMethodName("Transport")
    public String transport() {
        return context().transport();
    }

    /** Ends this connection. */
    @HubMethodName("Abort")
    public void abort() {
        context().abort();
    }

    /** Not for clients: it is not public. */
    Map<String, String> hidden() {
        return Map.of();
    }

    /** Which is a number in JSON, and a name in MessagePack. */
    enum Color {
        RED,
        GREEN,
        BLUE
    }

    /** A value of many kinds. A class for the sake of its array. */
    static final class Thing {

        /** Text. */
        public @Nullable String name;

        /** A choice. */
        public @Nullable Color color;

        /** Numbers by name. */
        public @Nullable Map<String, Integer> sizes;

        /** A moment. */
        public @Nullable Instant made;

        /** Bytes. */
        public byte @Nullable [] picture;

        /** Everything missing. */
        public Thing() {}
    }

    /** What was said. */
    record Said(String user, String message, int length) {}
}
