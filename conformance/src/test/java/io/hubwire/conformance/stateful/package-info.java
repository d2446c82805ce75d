/** Connections that go on over another socket, and clients that are slow, on each host. */
@NullMarked
package io.hubwire.conformance.stateful;

import org.jspecify.annotations.NullMarked;
