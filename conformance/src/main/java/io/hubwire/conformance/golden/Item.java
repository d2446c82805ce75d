package io.hubwire.conformance.golden;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something of many members; what is missing on the wire becomes null, 0 or false. A class for the sake of its array. */
public final class Item {

    /** A name. */
    public @Nullable String name;

    /** A 32-bit number. */
    public int quantity;

    /** A floating-point number. */
    public double price;

    /** A truth value. */
    public boolean inStock;

    /** An enum. */
    public @Nullable Color color;

    /** A date and time. */
    public @Nullable OffsetDateTime made;

    /** A UUID. */
    public @Nullable UUID id;

    /** Bytes. */
    public byte @Nullable [] data;

    /** A list. */
    public @Nullable List<String> tags;

    /** A map, whose keys stay as they are. */
    public @Nullable Map<String, Integer> counts;

    /** The same again. */
    public @Nullable Item part;

    /** Everything missing. */
    public Item() {}
}
