package dev.semel.examples.benchmarks.run;

import java.time.Duration;

/**
 * What is restored, and how often.
 *
 * @param events how many are marked
 * @param rounds how often they are restored
 * @param commitInterval of the processor that marks them: the marks of a transaction lie together
 * @param heap of the processes
 */
public record RestorePlan(long events, int rounds, Duration commitInterval, String heap) {}
