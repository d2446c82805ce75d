package io.hubwire.testkit;

import java.util.Iterator;

/** A stream as an argument, see {@link TestClient#upload(Iterable)}. Can be sent once. */
public final class Upload {

    private final Iterator<?> items;

    Upload(Iterator<?> items) {
        this.items = items;
    }

    Iterator<?> items() {
        return items;
    }
}
