package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import java.time.Duration;

/**
 * What a long run of windows does.
 *
 * @param kind who runs
 * @param events how many there are, a hundred in a window
 * @param atMost after how long no more are sent
 * @param sample how often the contestant says what it takes
 * @param commitInterval of the contestant
 * @param heap of the contestant
 */
public record WindowsSoakPlan(
        Kind kind, long events, Duration atMost, Duration sample, Duration commitInterval, String heap) {}
