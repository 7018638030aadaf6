package dev.semel.examples.benchmarks.engine;

import java.util.Optional;

/**
 * One turn of an engine.
 *
 * @param kind which
 * @param keys {@code uniform} or {@code zipf}
 * @param round from 1
 * @param result what its process measured; empty where it failed
 * @param failure the end of what a process said that failed; empty where it did not
 */
public record EngineTurn(EngineKind kind, String keys, int round, Optional<EngineResult> result, String failure) {

    /** Whether it measured, and has the results that it has to have. */
    public boolean isCorrect() {
        return result.map(EngineResult::isExact).orElse(false);
    }
}
