package dev.semel.core.failure;

/**
 * An event has come before another which it needs. A handler throws it; the failure policy decides, mostly to {@linkplain
 * FailureDecision#defer defer} the event.
 */
public final class OutOfOrderException extends SemelException {

    private static final long serialVersionUID = 1L;

    /** @param message what is missing, for people */
    public OutOfOrderException(String message) {
        super(message, null);
    }
}
