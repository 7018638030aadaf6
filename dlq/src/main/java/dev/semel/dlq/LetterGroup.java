package dev.semel.dlq;

import dev.semel.core.failure.FailureClass;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The letters of one fault.
 *
 * @param failureClass the kind of failure
 * @param fingerprint the fault
 * @param exception the class name of the exception in the example, if it says so
 * @param message the message in the example, if it says so
 * @param count how many letters
 * @param firstSeen when the first of them failed
 * @param lastSeen when the last of them failed
 * @param example the id of one
 */
public record LetterGroup(
        FailureClass failureClass,
        String fingerprint,
        @Nullable String exception,
        @Nullable String message,
        long count,
        Instant firstSeen,
        Instant lastSeen,
        String example) {

    @Override
    public String toString() {
        return failureClass + " " + fingerprint + ": " + count + " letter(s) from " + firstSeen + " to " + lastSeen
                + (exception == null ? "" : ", " + exception) + (message == null ? "" : ": " + message)
                + ", such as " + example;
    }
}
