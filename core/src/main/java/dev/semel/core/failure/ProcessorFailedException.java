package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * A running processor has stopped for good, in state {@code FAILED}. What it had committed stays; everything else is handled
 * again by whoever reads the partitions next.
 *
 * <p>Reaction: mend what the message names, then start a new processor.
 */
public final class ProcessorFailedException extends SemelException {

    private static final long serialVersionUID = 1L;

    public ProcessorFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
