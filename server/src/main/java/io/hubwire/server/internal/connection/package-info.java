/** One client that speaks the hub protocol: handshake, messages, calls in order, keep-alive, the end. */
@NullMarked
package io.hubwire.server.internal.connection;

import org.jspecify.annotations.NullMarked;
