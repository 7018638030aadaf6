package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * An output that Kafka would refuse: too large, to a topic that does not exist or may not be written, or not writable by the
 * serde. Thrown to the handler by {@code EventContext.send}, so that the failure belongs to the record that caused it.
 *
 * <p>Reaction: let it out of the handler. The record fails with class {@link FailureClass#OUTPUT_REJECTED}; a handler that
 * catches it fails all the same, since an output was lost.
 */
public final class OutputRejectedException extends SemelException {

    private static final long serialVersionUID = 1L;

    public OutputRejectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
