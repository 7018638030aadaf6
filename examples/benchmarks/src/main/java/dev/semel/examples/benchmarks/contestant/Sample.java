package dev.semel.examples.benchmarks.contestant;

import java.time.Duration;

/**
 * What a contestant's process says of itself now and then.
 *
 * @param handled how often the handler was called so far
 * @param heapBytes the heap in use after a full collection
 * @param stateBytes what its state takes on disk
 * @param collections the time in garbage collections so far
 */
public record Sample(long handled, long heapBytes, long stateBytes, Duration collections) {}
