/** What single steps cost, measured with JMH. Started by {@code benchmarks/micro}, never by tests. */
@NullMarked
package io.hubwire.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
