/** Rooms, people and messages in a page. */
@NullMarked
package io.hubwire.samples.chat;

import org.jspecify.annotations.NullMarked;
