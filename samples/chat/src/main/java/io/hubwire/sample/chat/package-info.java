/** Rooms, people and messages in a page. */
@NullMarked
package io.hubwire.sample.chat;

import org.jspecify.annotations.NullMarked;
