package io.hubwire.metrics;

import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.micrometer.tracing.Tracer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is called in the tests. */
public final class MeteredHub extends Hub {

    /** What {@link #promise} returns, set by a test. */
    static volatile CompletableFuture<String> promised = new CompletableFuture<>();

    /** Where {@link #trace} looks for its span; set by a test. */
    static volatile @Nullable Tracer tracer;

    /** One for each call. */
    public MeteredHub() {}

    @Override
    public void onConnected() throws Exception {
        if (context().request().query("unwanted").isPresent()) {
            throw new HubException("unwanted");
        }
    }

    public void shout(String what) {
        clients().all().send("heard", what);
    }

    public void refuse() {
        throw new HubException("no");
    }

    public void fail() {
        throw new IllegalStateException("on purpose");
    }

    public Stream<Integer> count(int last) {
        return Stream.iterate(1, each -> each + 1).limit(last);
    }

    public CompletionStage<String> promise() {
        return promised;
    }

    /** The trace in which the method runs. */
    public String trace() {
        return Optional.ofNullable(tracer)
                .map(Tracer::currentSpan)
                .map(span -> span.context().traceId())
                .orElse("none");
    }
}
