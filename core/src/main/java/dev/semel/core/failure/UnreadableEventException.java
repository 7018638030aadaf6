package dev.semel.core.failure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that cannot be read as the event that they should be. An {@code EventSerde} throws it; reading again gives the same
 * answer, so it is not retried.
 */
public final class UnreadableEventException extends SemelException {

    private static final long serialVersionUID = 1L;

    private final FailureClass failureClass;
    private final String fault;

    /**
     * @param failureClass what kind of unreadable, for example {@link FailureClass#DESERIALIZATION_FAILED}
     * @param fault the fault without the data that showed it (for example {@code missing field "orderId"}): the same text for
     *     the same fault, since letters are grouped by it
     * @param detail what was found, for people
     * @param cause the parser's own exception, if there is one
     */
    public UnreadableEventException(FailureClass failureClass, String fault, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.failureClass = Objects.requireNonNull(failureClass, "failureClass");
        this.fault = Objects.requireNonNull(fault, "fault");
    }

    public FailureClass failureClass() {
        return failureClass;
    }

    /** The fault without the data that showed it. */
    public String fault() {
        return fault;
    }
}
