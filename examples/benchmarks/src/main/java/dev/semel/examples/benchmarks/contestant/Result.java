package dev.semel.examples.benchmarks.contestant;

import java.time.Duration;

/**
 * What a contestant's process measured.
 *
 * @param startUp from the call of its start to the first record that was handed to the handler
 * @param took from there until the group's committed offsets were the end of the input
 * @param handled how often the handler was called
 * @param cpu the time on a processor that the whole process used meanwhile
 * @param collections the time in garbage collections of the whole process, from its start
 */
public record Result(Duration startUp, Duration took, long handled, Duration cpu, Duration collections) {}
