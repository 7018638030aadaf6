package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import java.time.Duration;

/**
 * What a long run does.
 *
 * @param kind who runs
 * @param duration how long
 * @param sample how long one line of the table is
 * @param perSecond how many records are due each second; 0 for as many as it can take
 * @param commitInterval of the contestant
 * @param heap of the contestant
 */
public record SoakPlan(
        Kind kind, Duration duration, Duration sample, int perSecond, Duration commitInterval, String heap) {}
