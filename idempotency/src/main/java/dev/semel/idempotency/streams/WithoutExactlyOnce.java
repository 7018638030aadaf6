package dev.semel.idempotency.streams;

/** What a deduplication does in an application whose {@code processing.guarantee} is not {@code exactly_once_v2}. */
public enum WithoutExactlyOnce {

    /** It does not start: the default. */
    REFUSE,

    /**
     * It says so in the log, and starts. A crash can then lose events: where a mark is already in the changelog and what was made of
     * its event is not, the event is taken for its own duplicate when it is read again.
     */
    WARN
}
