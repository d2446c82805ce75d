/** MessagePack as bytes: a cursor that moves over it, and what it is written with. Knows no message. */
@NullMarked
package io.hubwire.protocol.internal.msgpack;

import org.jspecify.annotations.NullMarked;
