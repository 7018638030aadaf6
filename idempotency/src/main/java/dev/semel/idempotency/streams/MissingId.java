package dev.semel.idempotency.streams;

/** What becomes of a record without an id. It is counted in {@link DeduplicateMetric#MISSING_IDS_TOTAL} in each case. */
public enum MissingId {

    /**
     * It is an error: a {@link org.apache.kafka.streams.errors.StreamsException} that names the record, on which the application's
     * {@code processing.exception.handler} decides. The default.
     */
    FAIL,

    /** It passes, and so do its copies. */
    PASS,

    /** It is dropped, as if it were not there; it is no duplicate either. */
    DROP
}
