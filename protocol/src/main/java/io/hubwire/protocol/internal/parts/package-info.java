/** What the messages of every dialect are made of: names that come again and again, and arguments. */
@NullMarked
package io.hubwire.protocol.internal.parts;

import org.jspecify.annotations.NullMarked;
