package dev.semel.windowing.engine;

import dev.semel.windowing.state.WindowingException;

/** A record would open more state than there may be, and the limit says {@link OpenStateLimit.Beyond#FAIL}. Nothing has moved. */
public final class OpenStateLimitException extends WindowingException {

    private static final long serialVersionUID = 1;

    OpenStateLimitException(String message) {
        super(message);
    }
}
