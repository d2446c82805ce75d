/** Every text that clients see and match on, and how texts of clients are shown. */
@NullMarked
package io.hubwire.server.internal.words;

import org.jspecify.annotations.NullMarked;
