package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import java.time.Duration;
import java.util.List;

/**
 * What is measured of windows.
 *
 * @param kinds who takes part, in the order of their turns
 * @param rounds how often each has its turn
 * @param events how many lie in ten minutes of event time
 * @param commitInterval of the contestants
 * @param heap of the contestants
 */
public record WindowsPlan(List<Kind> kinds, int rounds, long events, Duration commitInterval, String heap) {

    /** Immutable. */
    public WindowsPlan {
        kinds = List.copyOf(kinds);
    }
}
