package io.hubwire.server.hub;

/**
 * Makes hub instances, one per call: where dependency injection hooks in. Safe for any thread.
 *
 * <p>Without one, hubs are made by their public constructor without parameters.
 */
@FunctionalInterface
public interface HubActivator {

    /**
     * Makes an instance of exactly {@code type}, never one that was returned before.
     *
     * @throws Exception when it cannot; the call fails as if the method had thrown
     */
    <H extends HubBase<?>> H create(Class<H> type) throws Exception;

    /**
     * The call that {@code hub} was made for is over. The activator that is used where none is set closes hubs that are
     * {@link AutoCloseable}.
     *
     * @throws Exception when something goes wrong, which is logged; the call has its answer already
     */
    default void release(HubBase<?> hub) throws Exception {}
}
