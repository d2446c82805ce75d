/** Where time comes from outside of tests. */
@NullMarked
package io.hubwire.server.internal.clock;

import org.jspecify.annotations.NullMarked;
