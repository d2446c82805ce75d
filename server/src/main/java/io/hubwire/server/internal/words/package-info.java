/** Every text that clients see and match on. */
@NullMarked
package io.hubwire.server.internal.words;

import org.jspecify.annotations.NullMarked;
