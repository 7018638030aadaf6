package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

public final class HandlerTimeoutException extends SemelException {
    private static final long serialVersionUID = 1L;

    public HandlerTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
