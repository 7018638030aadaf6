package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import java.time.Duration;
import java.util.List;

/**
 * What a latency run does.
 *
 * @param kinds who takes part, in the order of a round's turns
 * @param rounds how often each has its turn
 * @param perSecond how many records are due each second
 * @param warmUp how long records are sent that are not counted
 * @param duration how long records are sent that are
 * @param commitInterval for those that have one
 * @param heap of each contestant
 */
public record LatencyPlan(
        List<Kind> kinds,
        int rounds,
        int perSecond,
        Duration warmUp,
        Duration duration,
        Duration commitInterval,
        String heap) {}
