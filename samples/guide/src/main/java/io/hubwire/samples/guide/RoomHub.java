package io.hubwire.samples.guide;

import io.hubwire.server.hub.TypedHub;
import java.util.List;

// begin typed
public class RoomHub extends TypedHub<RoomHub.Page> {

    /** What clients have handlers for. */
    public interface Page {

        void said(String who, String text);

        void joined(String who);
    }

    public void join(String room) {
        groups().add(context().connectionId(), room).toCompletableFuture().join();
        context().items().put("room", room);
        clients().othersInGroup(room).joined(me());
    }

    public void say(String text) {
        if (context().items().get("room") instanceof String room) {
            clients().group(room).said(me(), text);
        }
    }

    public void whisper(String user, String text) {
        clients().users(List.of(me(), user)).said(me(), text);
    }

    private String me() {
        return context().userIdentifier().orElse("somebody");
    }
}
// end
