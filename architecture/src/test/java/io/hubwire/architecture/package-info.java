/** The plan of the house, as tests. */
@NullMarked
package io.hubwire.architecture;

import org.jspecify.annotations.NullMarked;
