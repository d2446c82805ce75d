/** Mounts a server on Netty. */
@NullMarked
package io.hubwire.server.netty;

import org.jspecify.annotations.NullMarked;
