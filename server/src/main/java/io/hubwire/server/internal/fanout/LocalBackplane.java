package io.hubwire.server.internal.fanout;

import io.hubwire.server.internal.words.ErrorTexts;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The backplane of a cluster of one. */
final class LocalBackplane implements Backplane {

    private volatile @Nullable Node node;

    @Override
    public void join(Node joined) {
        node = joined;
    }

    @Override
    public CompletionStage<Void> publish(Delivery delivery) {
        return Objects.requireNonNull(node, "join comes first").deliver(delivery);
    }

    @Override
    public CompletionStage<Boolean> member(String hub, ConnectionId connection, String group, boolean joined) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletionStage<Message> ask(String hub, ConnectionId connection, String invocationId, Message call) {
        return CompletableFuture.failedFuture(new IOException(ErrorTexts.unknownConnection(connection)));
    }

    @Override
    public void interest(String hub, Subject subject, boolean present) {
        // Everyone is here.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
