package dev.semel.dlq.internal.streams;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.SemelException;
import dev.semel.core.failure.UnreadableEventException;

/** The kinds of failures by where in a topology they come up, unless the exception knows better. */
final class FailureClasses {

    private FailureClasses() {}

    static FailureClass ofUnreadable(Exception exception) {
        return exception instanceof UnreadableEventException unreadable
                ? unreadable.failureClass()
                : FailureClass.DESERIALIZATION_FAILED;
    }

    static FailureClass ofOutput(Exception exception) {
        return exception instanceof SemelException ? FailureClass.of(exception) : FailureClass.OUTPUT_REJECTED;
    }
}
