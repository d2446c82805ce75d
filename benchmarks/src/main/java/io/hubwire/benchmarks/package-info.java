/** What a message costs. */
@NullMarked
package io.hubwire.benchmarks;

import org.jspecify.annotations.NullMarked;
