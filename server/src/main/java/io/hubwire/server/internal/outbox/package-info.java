/** What waits for one client, whatever it speaks and whatever carries it. */
@NullMarked
package io.hubwire.server.internal.outbox;

import org.jspecify.annotations.NullMarked;
