/** The application that judges are let loose on. */
@NullMarked
package io.hubwire.conformance;

import org.jspecify.annotations.NullMarked;
