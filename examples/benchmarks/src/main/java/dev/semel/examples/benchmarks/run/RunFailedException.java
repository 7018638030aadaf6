package dev.semel.examples.benchmarks.run;

import org.jspecify.annotations.Nullable;

/** A run cannot go on: not because of a contestant, whose failure is a result. */
public final class RunFailedException extends RuntimeException {

    RunFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
