package dev.semel.dlq;

import dev.semel.core.failure.SemelException;
import org.jspecify.annotations.Nullable;

/**
 * The cluster went away, or did not answer by the deadline. What was moved is said in the message and is known to the cluster: a second run goes on where this one stopped, and moves nothing twice.
 *
 * <p>Reaction: try again when the cluster answers.
 */
public final class LettersUnavailableException extends SemelException {

    private static final long serialVersionUID = 1L;

    public LettersUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
