package dev.semel.examples.benchmarks.engine;

import java.util.List;

/**
 * What is measured of engines.
 *
 * @param kinds which, in the order of their turns
 * @param rounds how often each has its turn in a fresh process, with keys of either kind
 * @param events how many
 * @param warmUps how often each process goes through them before it measures
 * @param measurements how often it goes through them after that
 * @param openKeys how many keys the window has that tells what a key takes
 * @param heap of the processes
 */
public record EnginePlan(
        List<EngineKind> kinds, int rounds, int events, int warmUps, int measurements, int openKeys, String heap) {

    /** Immutable. */
    public EnginePlan {
        kinds = List.copyOf(kinds);
    }
}
