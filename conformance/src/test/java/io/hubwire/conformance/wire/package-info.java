/** The smallest HTTP and WebSocket client that hides nothing: bytes as they are sent, status lines and frames as they come. */
@NullMarked
package io.hubwire.conformance.wire;

import org.jspecify.annotations.NullMarked;
