/** From a message to the hub method that it calls, and back to the answer. */
@NullMarked
package io.hubwire.server.internal.dispatch;

import org.jspecify.annotations.NullMarked;
