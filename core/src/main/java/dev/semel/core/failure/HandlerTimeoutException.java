package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * A handler did not return by its deadline. Its thread was interrupted, and nothing that it did or still does counts: what it sent
 * is dropped, and its context refuses every call. Policies and letters see it with class {@link FailureClass#TIMEOUT_EXCEEDED};
 * nobody throws it at a caller.
 *
 * <p>Reaction: none in code, unless a {@link FailurePolicy} decides by it. Give what the handler calls a timeout below the deadline,
 * or raise the deadline.
 */
public final class HandlerTimeoutException extends SemelException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message which handler did not return, and within what time
     * @param end what the handler ended with after its deadline; null where it returned late, or has not ended
     */
    public HandlerTimeoutException(String message, @Nullable Throwable end) {
        super(message, end);
    }
}
