package dev.semel.examples.benchmarks.contestant;

import java.time.Duration;

/**
 * What a process measured that restored marks.
 *
 * @param marks how many were found
 * @param took from the assignment until records could be handled
 * @param heapBytes how much more heap is in use than before it started, after full collections
 */
public record Restored(long marks, Duration took, long heapBytes) {}
