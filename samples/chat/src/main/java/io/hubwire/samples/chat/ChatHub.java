package io.hubwire.samples.chat;

import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Departure;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.TypedHub;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Talk in rooms and in private: a room is a group, a name is a user. */
@Authorize
public final class ChatHub extends TypedHub<Page> {

    private final Rooms rooms;

    ChatHub(Rooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void onConnected() {
        clients().caller().welcome(context().transport());
    }

    /** Enters a room and leaves the one before. */
    public void join(String room) {
        check(room, 40);
        leave();
        await(groups().add(context().connectionId(), room));
        context().items().put("room", room);
        rooms.enter(room, context().connectionId(), me(), this::announce);
    }

    /** Leaves the room. */
    public void leave() {
        if (context().items().remove("room") instanceof String room) {
            await(groups().remove(context().connectionId(), room));
            rooms.leave(room, context().connectionId(), this::announce);
        }
    }

    @Override
    public void onDisconnected(Departure departure) {
        leave();
    }

    /** Says something to everybody in the room. */
    public void say(String text) {
        check(text, 2000);
        clients().group(room()).said(new Page.Line(me(), room(), text, Instant.now()));
    }

    /** Says something to one person, in whatever room and on however many screens. */
    public void whisper(String name, String text) {
        check(text, 2000);
        if (!rooms.hold(name)) {
            throw new HubException("Nobody here is called " + name + ".");
        }
        clients().users(List.of(me(), name)).whispered(new Page.Line(me(), name, text, Instant.now()));
    }

    /** Shows the others that this client is typing, or no longer. */
    public void typing(boolean still) {
        clients().othersInGroup(room()).typing(room(), me(), still);
    }

    private void announce(String room, Collection<String> names, Map<String, Integer> sizes) {
        clients().group(room).here(room, names);
        clients().all().rooms(sizes);
    }

    private String me() {
        return context().userIdentifier().orElseThrow();
    }

    private String room() {
        if (context().items().get("room") instanceof String room) {
            return room;
        }
        throw new HubException("Join a room first.");
    }

    /** A hub may block: its calls run on virtual threads. */
    private static void await(CompletionStage<Void> change) {
        change.toCompletableFuture().join();
    }

    private static void check(String text, int longest) {
        if (text.isBlank() || text.length() > longest) {
            throw new HubException("Expected 1 to " + longest + " characters.");
        }
    }
}
