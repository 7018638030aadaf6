package dev.semel.core.failure;

import java.util.Optional;

/**
 * Decides what becomes of a failed attempt. {@link RetryPolicy} makes the usual ones, {@link #byClass()} one for each kind of
 * failure; others implement this interface.
 *
 * <p>Called on the lane of the failed record, by several lanes at once: implementations are thread-safe and do not block. A
 * policy that throws stops the processor.
 */
public interface FailurePolicy {

    /** A policy for each kind of failure. */
    static PolicyByClass byClass() {
        return PolicyByClass.withoutRules();
    }

    FailureDecision decide(Failure failure);

    /**
     * The topic for the letters of {@link FailureDecision#deadLetter()}; empty where this policy never decides that. Read once,
     * when the processor is built; a decision for a dead letter without a topic stops the processor.
     */
    Optional<String> deadLetterTopic();

    /**
     * Whether this policy may decide {@link FailureDecision#defer}. A processor with such a policy is not built without a participant
     * that keeps what is deferred. False unless it is overridden.
     */
    default boolean defers() {
        return false;
    }

    /**
     * The class of a failure: what {@link Failure#failureClass()} tells {@link #decide}, and what the letter says.
     * {@link FailureClass#of} unless it is overridden, or {@linkplain PolicyByClass#classify told}.
     *
     * @param exception what the attempt failed with
     */
    default FailureClass classify(Exception exception) {
        return FailureClass.of(exception);
    }
}
