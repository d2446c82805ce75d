/** What a client learns before it connects: its connection, and the transports that it may use. */
@NullMarked
package io.hubwire.protocol.negotiate;

import org.jspecify.annotations.NullMarked;
