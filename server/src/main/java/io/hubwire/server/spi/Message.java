package io.hubwire.server.spi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a delivery says: a call of a client method, with its values or already encoded, or that it is over. */
public sealed interface Message {

    /** A call that this node encodes for each dialect that its clients speak. */
    record Call(String target, List<@Nullable Object> arguments) implements Message {
        /** Freezes the list, which may hold nulls. */
        public Call {
            arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
        }

        /** A call with these arguments. */
        public static Call of(String target, @Nullable Object... arguments) {
            return new Call(target, java.util.Arrays.asList(arguments));
        }
    }

    /** The end: the recipients' connections are closed, and they are told not to come back. */
    record Abort() implements Message {

        /** The end; there is no need for another. */
        public static final Abort ABORT = new Abort();
    }

    /**
     * A call that another node has encoded.
     *
     * @param byDialect the bytes of one whole message for each dialect, by its name such as {@code json}; a client that
     *     speaks none of them does not get the message
     */
    record Encoded(Map<String, ByteBuffer> byDialect) implements Message {
        /** Freezes the map. */
        public Encoded {
            byDialect = Map.copyOf(byDialect);
        }

        /** The bytes for one dialect. */
        public Optional<ByteBuffer> in(String dialect) {
            return Optional.ofNullable(byDialect.get(dialect)).map(ByteBuffer::duplicate);
        }
    }
}
