/** Input that nobody sends on purpose. */
@NullMarked
package io.hubwire.conformance.fuzz;

import org.jspecify.annotations.NullMarked;
