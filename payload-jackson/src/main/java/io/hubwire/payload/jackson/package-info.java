/** What users send and receive, read and written by Jackson 3. */
@NullMarked
package io.hubwire.payload.jackson;

import org.jspecify.annotations.NullMarked;
