/** From one delivery to every connection of this node that it is for. */
@NullMarked
package io.hubwire.server.internal.fanout;

import org.jspecify.annotations.NullMarked;
