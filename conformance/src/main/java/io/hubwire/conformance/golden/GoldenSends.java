package io.hubwire.conformance.golden;

import io.hubwire.server.hub.HubMethodName;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The calls of the golden hub that send to clients. */
public abstract class GoldenSends extends GoldenCalls {

    private static final String MESSAGE = "Message";

    /** For the hubs. */
    protected GoldenSends() {}

    /** Sends to the caller. */
    @HubMethodName("SendCaller")
    public CompletionStage<Void> sendCaller(String text) {
        return clients().caller().send(MESSAGE, text);
    }

    /** Sends to everyone else. */
    @HubMethodName("SendOthers")
    public CompletionStage<Void> sendOthers(String text) {
        return clients().others().send(MESSAGE, text);
    }

    /** Sends to everyone. */
    @HubMethodName("SendAll")
    public CompletionStage<Void> sendAll(String text) {
        return clients().all().send(MESSAGE, text);
    }

    /** Sends to everyone but some. */
    @HubMethodName("SendAllExcept")
    public CompletionStage<Void> sendAllExcept(String text, String[] ids) {
        return clients().allExcept(List.of(ids)).send(MESSAGE, text);
    }

    /** Sends to one connection. */
    @HubMethodName("SendClient")
    public CompletionStage<Void> sendClient(String id, String text) {
        return clients().client(id).send(MESSAGE, text);
    }

    /** Sends to a group. */
    @HubMethodName("SendGroup")
    public CompletionStage<Void> sendGroup(String group, String text) {
        return clients().group(group).send(MESSAGE, text);
    }

    /** Sends to the others in a group. */
    @HubMethodName("SendOthersInGroup")
    public CompletionStage<Void> sendOthersInGroup(String group, String text) {
        return clients().othersInGroup(group).send(MESSAGE, text);
    }

    /** Sends to a group but some. */
    @HubMethodName("SendGroupExcept")
    public CompletionStage<Void> sendGroupExcept(String group, String text, String[] ids) {
        return clients().groupExcept(group, List.of(ids)).send(MESSAGE, text);
    }

    /** Sends to a user. */
    @HubMethodName("SendUser")
    public CompletionStage<Void> sendUser(String user, String text) {
        return clients().user(user).send(MESSAGE, text);
    }

    /** Sends many messages to the caller. */
    @HubMethodName("SendMany")
    public CompletionStage<Void> sendMany(int count) {
        CompletableFuture<?>[] sent = new CompletableFuture<?>[count];
        Arrays.setAll(sent, i -> clients().caller().send(MESSAGE, i).toCompletableFuture());
        return CompletableFuture.allOf(sent);
    }

    /** Sends arguments of all kinds. */
    @HubMethodName("SendManyArgs")
    public CompletionStage<Void> sendManyArgs() {
        return clients()
                .caller()
                .send("Many", 1, "two", 3.5, true, null, new int[] {1, 2}, new Pair(1, "b"), Color.GREEN);
    }

    /** Asks the caller for words. */
    @HubMethodName("AskCaller")
    public CompletionStage<String> askCaller(String question) {
        return clients().caller().invoke(String.class, "Ask", question);
    }

    /** Asks the caller for a number. */
    @HubMethodName("AskNumber")
    public CompletionStage<Integer> askNumber() {
        return clients().caller().invoke(int.class, "AskNumber");
    }

    /** Asks a client for words; what goes wrong is the answer. */
    @HubMethodName("AskOther")
    public String askOther(String id) throws InterruptedException {
        try {
            return clients().client(id).invoke(String.class, "Ask", "other").get();
        } catch (ExecutionException failed) {
            Throwable why = Objects.requireNonNull(failed.getCause());
            return why.getClass().getSimpleName() + ": "
                    + String.valueOf(why.getMessage()).replace(id, "{other}");
        }
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

    /** An object whose second member is written in lower case all the same. */
    record Pair(int a, String B) {}
}
