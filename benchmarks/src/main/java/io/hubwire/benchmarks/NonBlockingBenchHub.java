package io.hubwire.benchmarks;

import io.hubwire.server.hub.NonBlocking;

/** The same hub with the promise that its methods return at once, so that they run where their calls were read. */
@NonBlocking
public final class NonBlockingBenchHub extends BenchHub {}
