package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that Semel throws; each child stands for one reaction that a caller can have.
 */
public abstract class SemelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected SemelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
