package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * The attempt has lost a race and would go well with a fresh look: a version that others have changed meanwhile, a deadlock, a
 * serialization failure. It is made again at once, a bounded number of times, before it counts as a failure.
 */
public class ConflictException extends SemelException {

    private static final long serialVersionUID = 1L;

    public ConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
