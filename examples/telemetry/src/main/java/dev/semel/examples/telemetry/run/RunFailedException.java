package dev.semel.examples.telemetry.run;

import org.jspecify.annotations.Nullable;

/**
 * A run could not be finished, which says nothing about whether it would have balanced. The message says what and where
 * to look.
 */
public final class RunFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RunFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
