/** The HTTP side of an endpoint: negotiate, the three transports, and one pipe for each connection. */
@NullMarked
package io.hubwire.server.internal.transport;

import org.jspecify.annotations.NullMarked;
