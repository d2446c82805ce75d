package io.hubwire.server.spi;

import java.util.concurrent.Executor;

/**
 * One thread of an engine, or what stands for it: tasks run one at a time, in the order they came.
 *
 * <p>A task given from within the loop runs at the end of the turn: after everything that the engine had found ready
 * has been delivered. The server relies on that to hand over and to write what belongs together in one go. Loops are
 * compared by identity. Nothing that runs on a loop may block.
 */
public interface EventLoop extends Executor {

    /** Tells whether the calling thread is this loop's. Safe for any thread. */
    boolean isCurrent();
}
