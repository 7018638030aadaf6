package dev.semel.idempotency.streams;

/** What a deduplication does in an application whose {@code processing.guarantee} is not {@code exactly_once_v2}. */
public enum WithoutExactlyOnce {

    /** It does not start: the default. */
    REFUSE,

    /**
     * It says so in the log, and starts. A record that is read again after a failure, or because offsets were reset, then passes
     * again, since its mark may have outlived what was made of it. So no event is lost, and one that was sent again is dropped as
     * ever, but for copies that are made of one record within the topology.
     */
    WARN
}
