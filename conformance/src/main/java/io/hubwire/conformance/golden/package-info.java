/** The hubs that the recorded conversations are played against. */
@NullMarked
package io.hubwire.conformance.golden;

import org.jspecify.annotations.NullMarked;
