package dev.semel.examples.shop.service;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LetterStatus;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter of a service, or an event that waits behind one, as the service tells of it.
 *
 * @param id the letter's: group, topic, partition and offset
 * @param state what has become of it
 * @param failureClass what it failed with; null where it only waits
 * @param fingerprint equal for the same fault; null where it only waits
 * @param exception the class of the exception; null where it only waits
 */
public record KeptLetter(
        String id,
        LetterState state,
        @Nullable String failureClass,
        @Nullable String fingerprint,
        @Nullable String exception) {

    static KeptLetter of(LetterStatus letter) {
        @Nullable FailureClass failureClass = letter.failureClass();
        return new KeptLetter(
                letter.id(),
                letter.state(),
                failureClass == null ? null : failureClass.name(),
                letter.fingerprint(),
                letter.exception());
    }
}
