/** Bytes to messages and back, for both ends of a connection. Knows no transport, no hub, no thread. */
@NullMarked
package io.hubwire.protocol;

import org.jspecify.annotations.NullMarked;
