/** What can be set: immutable options, each with a builder that checks what it is given. */
@NullMarked
package io.hubwire.server.options;

import org.jspecify.annotations.NullMarked;
