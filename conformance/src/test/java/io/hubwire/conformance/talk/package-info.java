/** Plays recorded conversations against a server. */
@NullMarked
package io.hubwire.conformance.talk;

import org.jspecify.annotations.NullMarked;
