package io.hubwire.server.hub;

import java.util.Optional;

/**
 * How a client left.
 *
 * @param error why the connection ended, when it was not in order; empty when the client or the hub closed it, and when
 *     the client just vanished
 * @param stopCalled whether the client said goodbye by itself
 */
public record Departure(Optional<Throwable> error, boolean stopCalled) {}
