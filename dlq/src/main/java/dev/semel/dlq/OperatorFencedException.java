package dev.semel.dlq;

import dev.semel.core.failure.SemelException;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else has begun to work on the same letters: the message says who. What this run has moved up to then stays moved; the other one knows of it.
 *
 * <p>Reaction: leave it to them, or agree on who goes on.
 */
public final class OperatorFencedException extends SemelException {

    private static final long serialVersionUID = 1L;

    public OperatorFencedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
