package io.hubwire.protocol.internal.parts;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** The arguments of a call that was read: a list that may hold nulls and cannot be changed. */
public final class Values extends AbstractList<@Nullable Object> implements RandomAccess {

    private final @Nullable Object[] values;

    private Values(@Nullable Object[] values) {
        this.values = values;
    }

    /** Returns these values, which are not copied. */
    public static List<@Nullable Object> of(@Nullable Object[] values) {
        return values.length == 0 ? List.of() : new Values(values);
    }

    @Override
    public @Nullable Object get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    @SuppressWarnings("NullAway") // the inherited signature cannot say that elements may be null
    public Object[] toArray() {
        return values.clone();
    }
}
