package io.hubwire.samples.chat;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** What the hub can tell a page: each method is a handler in {@code chat.js}. */
public interface Page {

    /** The connection stands, over this transport. */
    void welcome(String transport);

    /** Every room, and how many people are in it. */
    void rooms(Map<String, Integer> sizes);

    /** Who is in the room now. */
    void here(String room, Collection<String> names);

    /** Somebody in the room is typing, or no longer. */
    void typing(String room, String name, boolean still);

    /** Something was said in the room. */
    void said(Line line);

    /** Something was said in private. */
    void whispered(Line line);

    /** Something that was said, to a room or to a person. */
    record Line(String from, String to, String text, Instant at) {}
}
