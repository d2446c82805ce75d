/** The {@code messagepack} hub protocol. */
@NullMarked
package io.hubwire.protocol.msgpack;

import org.jspecify.annotations.NullMarked;
