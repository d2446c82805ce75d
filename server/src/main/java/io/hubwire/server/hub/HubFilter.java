package io.hubwire.server.hub;

import org.jspecify.annotations.Nullable;

/**
 * Stands around what a hub does: logs, measures, changes, refuses. Each method goes on by calling {@code next}; one that
 * does not has the hub left out.
 *
 * <p>Filters of the server are the outermost, then those of the hub, then those of the method, each in the order they were
 * added. One instance serves all calls, on whichever thread runs the hub: safe for any thread, and quick around methods
 * that are {@link NonBlocking}. Mirrors {@code IHubFilter}: calls that get to no method (an unknown name, arguments that
 * do not fit, a user who may not) do not get here either.
 */
public interface HubFilter {

    /**
     * Around one call of a hub method.
     *
     * @param next the filters behind this one, and the method
     * @return the result, of the method's type or a {@link java.util.concurrent.CompletionStage} of it; a stream for a
     *     streaming method, which is produced after this has returned
     * @throws Exception which the caller sees as if the method had thrown it
     */
    default @Nullable Object invoke(HubInvocation invocation, Next next) throws Exception {
        return next.invoke(invocation);
    }

    /**
     * Around {@link HubBase#onConnected}.
     *
     * @throws Exception to refuse the client
     */
    default void connected(HubCallerContext client, HubBase<?> hub, Lifetime next) throws Exception {
        next.run();
    }

    /**
     * Around {@link HubBase#onDisconnected}.
     *
     * @throws Exception which is logged
     */
    default void disconnected(HubCallerContext client, HubBase<?> hub, Departure departure, Lifetime next)
            throws Exception {
        next.run();
    }

    /** What stands behind a filter, around a call. */
    @FunctionalInterface
    interface Next {

        /**
         * Goes on.
         *
         * @param invocation the call, or the same with other arguments
         * @throws Exception what the method, or a filter behind, throws
         */
        @Nullable Object invoke(HubInvocation invocation) throws Exception;
    }

    /** What stands behind a filter, around a client's coming or going. */
    @FunctionalInterface
    interface Lifetime {

        /**
         * Goes on.
         *
         * @throws Exception what the hub, or a filter behind, throws
         */
        void run() throws Exception;
    }
}
