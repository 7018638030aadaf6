package dev.semel.core.failure;

import java.util.Objects;

/** A participant does not let the event be handled, and no further attempt would change that. */
public final class EventRejectedException extends SemelException {

    private static final long serialVersionUID = 1L;

    private final FailureClass failureClass;

    /** @param failureClass what {@link FailureClass#of} says of it */
    public EventRejectedException(FailureClass failureClass, String message) {
        super(message, null);
        this.failureClass = Objects.requireNonNull(failureClass, "failureClass");
    }

    public FailureClass failureClass() {
        return failureClass;
    }
}
