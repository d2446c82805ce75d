package io.hubwire.server.internal.dispatch;

import io.hubwire.server.spi.ServerObserver;
import java.util.function.Consumer;

/** Keeps what an observer throws away from everyone else. */
final class Observation {

    private final ServerObserver observer;
    private final boolean wanted;

    Observation(ServerObserver observer) {
        this.observer = observer;
        this.wanted = !observer.equals(ServerObserver.NONE);
    }

    /** Whether anybody looks: measuring is not free. */
    boolean isWanted() {
        return wanted;
    }

    void tell(Consumer<ServerObserver> event) {
        if (wanted) {
            try {
                event.accept(observer);
            } catch (RuntimeException | Error thrown) {
                DispatchLog.observerFailed(thrown);
            }
        }
    }
}
