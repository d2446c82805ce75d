/** A server without sockets, a clock to turn by hand, and the contracts that every implementation passes. */
@NullMarked
package io.hubwire.testkit;

import org.jspecify.annotations.NullMarked;
