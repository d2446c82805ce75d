/** JSON text, read and written in place. */
@NullMarked
package io.hubwire.protocol.internal.json;

import org.jspecify.annotations.NullMarked;
