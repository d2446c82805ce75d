/** Measures and traces of a server, by the names that OpenTelemetry has for SignalR. */
@NullMarked
package io.hubwire.metrics;

import org.jspecify.annotations.NullMarked;
